const PLAIN = /^(?!\/\/)[\w./@+=:#-]+$/;
// Line by line: what is not seen; lists; patterns; variables that nothing put a value in, except Lambda's own `$LATEST`;
// and how a URL begins behind its scheme.
const REFUSED = /[\s\p{C}]|,|[*?]|\$(?!LATEST$)|\{\{|<<|%[A-Za-z_]\w{2,}%|^\/\//u;
const EACH_REFUSED = /[\s\p{C},*?]|\$(?!LATEST$)|\{(?=\{)|<(?=<)|%(?=[A-Za-z_]\w{2,}%)|^\/(?=\/)/gu;

/** What names are refused for, as people come to write them. */
const CAUSES: readonly (readonly [form: RegExp, cause: string])[] = [
  [/,/, 'several components are given one by one, and not with commas'],
  [/\$|\{\{|<<|%/, 'a variable in it was not replaced by its value'],
  [/[*?]/, 'a pattern names no single thing'],
  [/\s/, 'a blank in a name is written %20'],
  [/\//, 'a URL is no component'],
];

/** Whether something can have this name, whatever its kind. */
export function isName(name: string): boolean {
  return PLAIN.test(name) || (name !== '' && !REFUSED.test(name));
}

/** Why people come to write a name that {@link isName} refuses; undefined if there is no usual cause. */
export function causeOf(name: string): string | undefined {
  const [found] = REFUSED.exec(name) ?? [];
  return found === undefined ? undefined : CAUSES.find(([form]) => form.test(found))?.[1];
}

/**
 * The name as components have it: what {@link isName} refuses is written as URLs write it, so that it is one word that can be
 * pasted. Alarms may be called `High CPU, prod`, which becomes `High%20CPU%2C%20prod`.
 */
export function spellName(name: string): string {
  return PLAIN.test(name) ? name : name.replace(EACH_REFUSED, toPercent);
}

function toPercent(character: string): string {
  return Buffer.from(character)
    .toString('hex')
    .replace(/../g, byte => `%${byte.toUpperCase()}`);
}
