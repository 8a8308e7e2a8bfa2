import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';

/** The text without the byte order mark that editors on Windows put in front of it. */
export function withoutMark(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

/** Whether what was read as UTF-8 is UTF-16: then every other character of what JSON is made of is none. */
export function isUtf16(text: string): boolean {
  return text.slice(0, 64).includes('\0');
}

/** What to do with a file in UTF-16. */
export const UTF_16_HINT = 'it is UTF-16, as PowerShell writes it: write it again as UTF-8';

/** Refuses a file that people write, of which no line would fit anything. @throws DeployMarkerError CONFIG_INVALID for UTF-16 */
export function refuseUtf16(text: string, title: string): void {
  if (!isUtf16(text)) return;
  throw new DeployMarkerError('CONFIG_INVALID', `${title} is not UTF-8`, { hint: UTF_16_HINT });
}

/** Where a text is no longer JSON, as `line 3, column 5`: what stands there may be secret, or of another file than was meant. */
export function placeOfFault(text: string): string {
  const before = text.slice(0, brokenAt(text)).split('\n');
  return `line ${before.length}, column ${before.at(-1)?.length ?? 0}`;
}

/** What the parser says of a text that is no JSON, which may repeat it; undefined for JSON. */
export function jsonProblem(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return String(error);
  }
}

/** The length of the shortest beginning that no text could make JSON again; the whole where only the end is missing. */
function brokenAt(text: string): number {
  let [fine, broken] = [0, text.length];
  while (broken - fine > 1) {
    const middle = (fine + broken) >> 1;
    const problem = jsonProblem(text.slice(0, middle)) ?? 'end of JSON input';
    // V8 says of what merely ends too early that it ends, or names its end as the place.
    if (problem.endsWith('end of JSON input') || `${problem} `.includes(` position ${middle} `))
      fine = middle;
    else broken = middle;
  }
  return broken;
}
