/** The value of a JSON text; undefined, which JSON does not have, if the text is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The object that a JSON text holds, as a record of CloudTrail is one; undefined if it holds none. */
export function parseJsonRecord(text: string): object | undefined {
  const value = parseJson(text);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
}
