import type { Env } from '../io/io.ts';

/**
 * Whether a text is a value: an empty one is none, and neither is `<nil>`, which CircleCI puts where a pipeline value is empty
 * (https://circleci.com/docs/reference/variables/).
 */
export function isValue(text: string | undefined): text is string {
  return text !== undefined && text !== '' && text !== '<nil>';
}

/** The first of the named variables that has a value, exactly as it is; blank text is none. */
export function readValue(env: Env, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = env[name];
    if (isValue(value?.trim())) return value;
  }
  return undefined;
}

/** Whether a switch such as `CI` is on: `true` in any case, or `1`. */
export function isOn(env: Env, name: string): boolean {
  const value = env[name]?.trim().toLowerCase();
  return value === 'true' || value === '1';
}

/** The values joined by `-`, or nothing if the first one is absent; other absent ones are left out. */
export function joinPresent(
  first: string | undefined,
  ...rest: readonly (string | undefined)[]
): string | undefined {
  if (first === undefined) return undefined;
  return [first, ...rest.filter(value => value !== undefined)].join('-');
}
