import { createHash } from 'node:crypto';
import { toVisible } from '../../errors/visible-text.ts';
import { holdsAnything, isPlainFigure, isPlainName } from './plain-names.ts';

/** A single value of JSON. */
export type Scalar = string | number | boolean | null;

/** A value as it may be told: itself, or only how long it is, with a digest that tells two of them apart. */
export type ShownValue =
  | { readonly value: Scalar | readonly Scalar[] }
  | { readonly characters: number; readonly sha256?: string };

/** Where a value lies, from the outside in. */
export type ValuePath = readonly string[];

const LONGEST = 256;
/** The digest of a shorter text would tell the text to whoever tries all of them. Our own choice. */
const SHORTEST_DIGESTED = 8;
const DIGEST_CHARACTERS = 8;

const ARN = /^arn:aws[a-z-]*:[a-z0-9-]*:[a-z0-9-]*:(?:\d{12}|aws)?:[\w+=,.@:/$*-]{1,200}$/;
const TIME = /^\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:?\d\d))?$/;

// What opens something wherever it stands: users and passwords in addresses, signed addresses, keys and tokens of well-known makers,
// pairs such as `password=…`.
const OPENS = [
  /:\/\/[^/\s]*@/,
  /[\w.-]+:[^\s/@:]+@[\w.-]+/,
  /[?&][\w.-]+=/,
  /-----BEGIN/,
  /\b(?:AKIA|ASIA)[A-Z0-9]{12,}/,
  /\beyJ[\w-]{8,}/,
  /\b(?:gh[opsu]_|github_pat_|glpat-|xox[abeprs]-|sk_live_|sk-|AIza|ya29\.|npm_|pypi-|hvs\.|dop_v1_)/,
  /(?:pass(?:word|wd|phrase)?|pwd|secret|token|credential|api_?key)\s*[=:]\s*\S/i,
];
// Letters of both cases and digits in one long run are chosen by nobody; ids and digests have names that say so.
const RUN = /[A-Za-z0-9+=]{24,}/g;
const NAMES_A_RUN = /(?:id|ids|arn|arns|sha256|digest|hash|version|revision)$/i;

/** The value at a path, as much of it as may be told. It is never more than what a reader of AWS's API reference can call harmless. */
export function showValue(path: ValuePath, value: Scalar | readonly Scalar[]): ShownValue {
  const name = path.at(-1) ?? '';
  const isFree = path.slice(0, -1).some(holdsAnything) || (isList(value) && holdsAnything(name));
  const values: readonly Scalar[] = isList(value) ? value : [value];
  const isFine = (each: Scalar): boolean => (isFree ? isOwnTag(path, each) : isHarmless(name, each));
  return values.every(isFine) ? { value } : hide(value);
}

/** A value of which nobody knows what it is. */
export function hide(value: unknown): ShownValue {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  const characters = Array.from(text).length;
  if (characters < SHORTEST_DIGESTED) return { characters };
  const digest = createHash('sha256').update(text, 'utf8').digest('hex');
  return { characters, sha256: digest.slice(0, DIGEST_CHARACTERS) };
}

/** Whether a text can be told as what it is, whatever it is called: nothing in it opens anything. */
function opensNothing(name: string, text: string): boolean {
  if (text.length > LONGEST || toVisible(text) !== text) return false;
  if (OPENS.some(shape => shape.test(text))) return false;
  if (NAMES_A_RUN.test(name)) return true;
  return !(text.match(RUN) ?? []).some(run => /[a-z]/.test(run) && /[A-Z]/.test(run) && /\d/.test(run));
}

function isHarmless(name: string, value: Scalar): boolean {
  if (value === null) return true;
  if (typeof value !== 'string') return isPlainFigure(name);
  if (value === '') return true;
  if (!opensNothing(name, value)) return false;
  return isPlainName(name) || ((ARN.test(value) || TIME.test(value)) && isPlainFigure(name));
}

/** Nobody but AWS writes tags that begin so. https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html */
function isOwnTag(path: ValuePath, value: Scalar): boolean {
  return value === null || (path.some(part => part.startsWith('aws:')) && opensNothing('id', String(value)));
}

function isList(value: Scalar | readonly Scalar[]): value is readonly Scalar[] {
  return Array.isArray(value);
}

/** A name that somebody chose, as part of a path: what may open something is not told as a name either. */
function showName(name: string): string {
  return /^[\w.:/$*@ -]{1,128}$/.test(name) && opensNothing('', name)
    ? name
    : `(${describeHidden(hide(name))})`;
}

/** What is told of a value that is not told, in words. */
function describeHidden(shown: ShownValue): string {
  if ('value' in shown) return describeScalar(shown.value);
  const digest = shown.sha256 === undefined ? '' : `, sha256 ${shown.sha256}…`;
  return `${shown.characters} character${shown.characters === 1 ? '' : 's'}${digest}`;
}

/** The value in words: texts as they are, lists in brackets, what is hidden in parentheses. */
export function describeShown(shown: ShownValue): string {
  return 'value' in shown ? describeScalar(shown.value) : `(${describeHidden(shown)})`;
}

function describeScalar(value: Scalar | readonly Scalar[]): string {
  if (typeof value === 'string') return value === '' ? '""' : value;
  return isList(value) ? `[${value.map(each => String(each)).join(', ')}]` : String(value);
}

/** A path in words: `environment.variables.DB`. A part with a dot in it is quoted. */
export function describePath(path: ValuePath): string {
  return path
    .map(showName)
    .map((part, rank) => (part.includes('.') ? `[${JSON.stringify(part)}]` : rank === 0 ? part : `.${part}`))
    .join('');
}
