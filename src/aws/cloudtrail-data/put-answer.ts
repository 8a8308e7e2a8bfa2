import type { PutAnswer } from '../answers/shapes.ts';

/**
 * The answer of PutAuditEvents in its documented form.
 *
 * Every deploy reads one, and nearly all are as they should be: what says of the others where they are not is loaded for those alone, and
 * has the last word.
 *
 * @param output what the client gave
 * @throws DeployMarkerError UNEXPECTED_RESPONSE, as `readAnswer` does
 */
export async function readPutAnswer(output: unknown): Promise<PutAnswer> {
  if (isPlain(output)) return output;
  const { PUT_AUDIT_EVENTS } = await import('../answers/shapes.ts');
  const { readAnswer } = await import('../answers/documented.ts');
  return readAnswer({ operation: 'PutAuditEvents', shape: PUT_AUDIT_EVENTS }, output);
}

/** Whether both lists are there, and all in them is. */
function isPlain(output: unknown): output is PutAnswer {
  if (!isRecord(output)) return false;
  const { successful, failed } = output;
  if (!Array.isArray(successful) || !Array.isArray(failed)) return false;
  const isStored = (entry: unknown): boolean =>
    isRecord(entry) && isFilled(entry['id']) && isFilled(entry['eventID']);
  const isRefused = (entry: unknown): boolean =>
    isRecord(entry) &&
    isFilled(entry['id']) &&
    typeof entry['errorCode'] === 'string' &&
    typeof entry['errorMessage'] === 'string';
  return successful.every(isStored) && failed.every(isRefused);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isFilled(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}
