/** The object that a JSON text holds, as a record of CloudTrail is one; undefined if it holds none. */
export function parseJsonRecord(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
