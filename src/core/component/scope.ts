import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { matchesAny, type NameTest } from '../base/pattern.ts';
import type { ToldPlace } from './asked-place.ts';
import { nameKey, patternKey } from './key.ts';
import { type PlaceTest, placeTest } from './placed-pattern.ts';
import { isUnknown, otherSpellings, parentOf } from './spellings.ts';

/** Whether a component counts that is there; nothing told, it may be anywhere. */
export type ScopeTest = (component: string, told?: ToldPlace) => boolean;

/**
 * Parses which components count: one pattern a line, in which `*` stands for any characters; `!` before a pattern leaves out what
 * it fits; `#` begins a comment. With patterns that only leave out, all others count. What no call named (`ecs:?`) always counts:
 * it may be anything. A pattern may leave out what a thing lies in (`ecs:web` for `ecs:prod/web`), or name that alone (`ecs:prod`);
 * only to leave something out, it has to be the thing's own. An ARN stands for what is in its account and Region; where nobody tells
 * that of a thing, it is taken in, and not left out.
 *
 * @param title the file, for messages
 * @throws DeployMarkerError CONFIG_INVALID if no pattern is there, for then nothing would ever be found
 */
export function parseComponentScope(text: string, title: string): ScopeTest {
  const patterns = scopePatterns(text);
  if (patterns.length === 0) {
    throw new DeployMarkerError('CONFIG_INVALID', `${title} names no component`, {
      hint: 'write one pattern a line, such as lambda:billing-*',
    });
  }
  const out = patterns.filter(line => line.startsWith('!')).map(line => line.slice(1).trim());
  const within = patterns.filter(line => !line.startsWith('!'));
  const isIn = within.length === 0 ? () => true : fitsAny(within, patternKey, true);
  const isOut = fitsAny(out, nameKey, false);
  return (component, told = {}) => {
    if (isUnknown(component)) return true;
    const others = otherSpellings(component);
    if ([component, ...others].some(name => isOut(name, told))) return false;
    return [component, ...others, parentOf(component) ?? component].some(name => isIn(name, told));
  };
}

type PlacedTest = (name: string, told: ToldPlace) => boolean;

/** Most patterns say no place, and are looked at all at once. */
function fitsAny(
  patterns: readonly string[],
  toKey: (pattern: string) => string,
  ifUntold: boolean,
): PlacedTest {
  const plain: string[] = [];
  const placed: { readonly isThere: PlaceTest; readonly isNamed: NameTest }[] = [];
  for (const pattern of patterns) {
    const isThere = placeTest(pattern);
    if (isThere === undefined) plain.push(toKey(pattern));
    else placed.push({ isThere, isNamed: matchesAny([toKey(pattern)]) });
  }
  const isPlain = matchesAny(plain);
  return (name, told) =>
    isPlain(name) || placed.some(({ isThere, isNamed }) => isNamed(name) && isThere(told, ifUntold));
}

/** The patterns of a scope, in their order and without comments. */
export function scopePatterns(text: string): string[] {
  const lines = text.split(/\r?\n/).map(line => line.replace(/(?:^|\s)#.*$/, '').trim());
  return lines.filter(line => line !== '');
}
