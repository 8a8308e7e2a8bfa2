import type { Fields } from '../base/fields.ts';
import { shownTextOf } from './record-path.ts';

// What tells a thing is told apart from others by, in the order in which it tells.
const ENDINGS = ['Name', 'Id', 'Identifier', 'Arn'] as const;
const VERB = /^[A-Z][a-z]+/;
// With these the noun is what comes to the thing or leaves it: AssociateKmsKey changes no key.
const JOINING = /^(?:Add|Associate|Attach|Detach|Disassociate|Remove)(?![a-z])/;

/**
 * The text of the field that is called after the thing in the name of the call: `crawlerName` of UpdateCrawler,
 * `userPoolId` of CreateUserPoolClient. What a call merely mentions is called otherwise. The longest name counts, whatever
 * the order of the keys.
 */
export function fieldOfNoun(action: string, asked: Fields): string | undefined {
  if (JOINING.test(action)) return undefined;
  const words = action.replace(VERB, '').match(/[A-Z]+(?![a-z])|[A-Z][a-z0-9]*/g) ?? [];
  const fields = new Map<string, string>();
  for (const [key, value] of Object.entries(asked)) {
    const text = shownTextOf(value);
    if (text !== undefined) fields.set(key.toLowerCase(), text);
  }
  for (let length = words.length; length > 0; length -= 1) {
    const noun = words.slice(0, length).join('').toLowerCase();
    for (const stem of noun.endsWith('s') ? [noun, noun.slice(0, -1)] : [noun]) {
      for (const ending of ENDINGS) {
        const text = fields.get(stem + ending.toLowerCase());
        if (text !== undefined) return text;
      }
    }
  }
  return undefined;
}
