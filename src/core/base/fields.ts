/** Part of a CloudTrail record. Any field can be missing or null. */
export type Fields = Readonly<Record<string, unknown>>;

const NONE: Fields = {};

/** The object, or one without fields where there is none. */
export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : NONE;
}

/** The text, or undefined where there is none, or an empty one. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** What tools that write tables put where CloudTrail has nothing, and what some services say of a call that succeeded. */
const NOTHING = /^\s*(?:-|null|none|nil|nan|undefined|n\/a|success|ok|200)?\s*$/i;

/** Whether it says that a call failed: a successful one has no code, or an empty one in some exports. */
export function isErrorCode(value: unknown): boolean {
  return typeof value === 'string' && !NOTHING.test(value);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
