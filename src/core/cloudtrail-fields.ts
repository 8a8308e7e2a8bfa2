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

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
