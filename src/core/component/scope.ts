import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { matchesAny, type NameTest } from '../base/pattern.ts';
import { nameKey, patternKey } from './key.ts';
import { isUnknown, otherSpellings, parentOf } from './spellings.ts';

/**
 * Parses which components count: one pattern a line, in which `*` stands for any characters; `!` before a pattern leaves out what
 * it fits; `#` begins a comment. With patterns that only leave out, all others count. What no call named (`ecs:?`) always counts:
 * it may be anything. A pattern may leave out what a thing lies in (`ecs:web` for `ecs:prod/web`), or name that alone (`ecs:prod`);
 * only to leave something out, it has to be the thing's own.
 *
 * @param title the file, for messages
 * @throws DeployMarkerError CONFIG_INVALID if no pattern is there, for then nothing would ever be found
 */
export function parseComponentScope(text: string, title: string): NameTest {
  const patterns = scopePatterns(text);
  if (patterns.length === 0) {
    throw new DeployMarkerError('CONFIG_INVALID', `${title} names no component`, {
      hint: 'write one pattern a line, such as lambda:billing-*',
    });
  }
  const out = patterns.filter(line => line.startsWith('!')).map(line => line.slice(1).trim());
  const within = patterns.filter(line => !line.startsWith('!'));
  const isIn = within.length === 0 ? () => true : matchesAny(within.map(patternKey));
  const isOut = matchesAny(out.map(nameKey));
  return component => {
    if (isUnknown(component)) return true;
    const others = otherSpellings(component);
    if (isOut(component) || others.some(isOut)) return false;
    return isIn(component) || others.some(isIn) || isIn(parentOf(component) ?? component);
  };
}

/** The patterns of a scope, in their order and without comments. */
export function scopePatterns(text: string): string[] {
  const lines = text.split(/\r?\n/).map(line => line.replace(/(?:^|\s)#.*$/, '').trim());
  return lines.filter(line => line !== '');
}
