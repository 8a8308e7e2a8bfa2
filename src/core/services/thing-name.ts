const PLAIN = /^(?!\/\/)[\w./@+=:#-]+$/;

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
  return PLAIN.test(name) || (name !== '' && findRefused(name) === undefined);
}

/**
 * The first of what names are refused for. Piece by piece: what is not seen; lists; patterns; variables that nothing put a value in,
 * except Lambda's own `$LATEST`; and how a URL begins behind its scheme.
 */
function findRefused(name: string): string | undefined {
  return /\s|\p{C}|[,*?]|\$(?!LATEST$)|\{\{|<<|%[A-Za-z_]\w{2,}%|^\/\//u.exec(name)?.[0];
}

/** Why people come to write a name that {@link isName} refuses; undefined if there is no usual cause. */
export function causeOf(name: string): string | undefined {
  const found = findRefused(name);
  return found === undefined ? undefined : CAUSES.find(([form]) => form.test(found))?.[1];
}

/**
 * The name as components have it: what {@link isName} refuses is written as URLs write it, so that it is one word that can be
 * pasted. Alarms may be called `High CPU, prod`, which becomes `High%20CPU%2C%20prod`.
 */
export function spellName(name: string): string {
  if (PLAIN.test(name)) return name;
  const each = /\p{C}|[\s,*?]|\$(?!LATEST$)|\{(?=\{)|<(?=<)|%(?=[A-Za-z_]\w{2,}%)|^\/(?=\/)/gu;
  return name.replace(each, toPercent);
}

function toPercent(character: string): string {
  return Buffer.from(character)
    .toString('hex')
    .replace(/../g, byte => `%${byte.toUpperCase()}`);
}
