import { DeployMarkerError } from '../errors/deploy-marker-error.ts';
import { matchesAny, type NameTest } from './name-pattern.ts';

/**
 * Parses which components count: one pattern a line, in which `*` stands for any characters; `!` before a pattern leaves out what
 * it fits; `#` begins a comment. With patterns that only leave out, all others count. What no call named (`ecs:?`) always counts:
 * it may be anything.
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
  const isIn = within.length === 0 ? () => true : matchesAny(within);
  const isOut = matchesAny(out);
  return component => component.endsWith(':?') || (isIn(component) && !isOut(component));
}

/** The patterns of a scope, in their order and without comments. */
export function scopePatterns(text: string): string[] {
  const lines = text.split(/\r?\n/).map(line => line.replace(/(?:^|\s)#.*$/, '').trim());
  return lines.filter(line => line !== '');
}
