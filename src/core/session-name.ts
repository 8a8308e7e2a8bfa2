import { createHash } from 'node:crypto';
import { DeployMarkerError } from '../errors/deploy-marker-error.ts';
import { quote } from './base/quote.ts';

/**
 * Length of a RoleSessionName in characters.
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
 */
export const SESSION_NAME_LENGTH = { min: 2, max: 64 } as const;

// The same page's pattern `[\w+=,.@-]*`, with \w spelled out: ASCII only.
const FORBIDDEN = /[^A-Za-z0-9_+=,.@-]/u;
const FORBIDDEN_RUNS = /[^A-Za-z0-9_+=,.@-]+/g;
const NON_ASCII = /[^\0-\x7f]/;
const GIT_SHA = /^[0-9a-f]{7,64}$/i;

const COMPOSED = /^[\w+=,.@]+(?:-[\w+=,.@]+)+-[0-9a-f]{7}$/;
const SHA_LENGTH = 7;
const DIGEST_LENGTH = 8;
/** Prefix and env may be this long after cleaning, so that they always fit next to digest and commit. */
const FIXED_PART_MAX = 20;

/** What a session name is made of. Workflow and job may be absent; an empty string counts as absent. */
export interface SessionNameParts {
  /** First part of the name; default `ci`. */
  readonly prefix?: string | undefined;
  /** Environment, for example `prod`. */
  readonly env: string;
  /** Workflow name or id. */
  readonly workflow?: string | undefined;
  /** Job name. */
  readonly job?: string | undefined;
  /** Commit, 7 to 64 hexadecimal characters. */
  readonly sha: string;
}

/** One thing that composing did to a part. */
export interface SessionNameChange {
  readonly part: 'prefix' | 'env' | 'workflow' | 'job';
  readonly from: string;
  readonly to: string;
  readonly reason: 'replaced' | 'transliterated' | 'cut';
}

/** A composed session name, the digest in it (if one was needed) and what was changed on the way. */
export interface ComposedSessionName {
  readonly name: string;
  readonly digest: string | null;
  readonly changes: readonly SessionNameChange[];
}

/**
 * Composes `{prefix}-{env}-{workflow}-{job}-{sha7}` into a legal RoleSessionName.
 *
 * The result matches `^[A-Za-z0-9_+=,.@-]{2,64}$`, ends in the first seven characters of the commit and is a
 * function of the parts alone. Where characters were cut or non-ASCII ones lost, an eight-character digest of all
 * parts as given stands before the commit, so that the name still leads to one deploy.
 *
 * @throws DeployMarkerError SESSION_NAME_INVALID if the commit is not 7–64 hexadecimal characters, or prefix or env
 *   is empty or over 20 characters after cleaning.
 * @example
 * composeSessionName({ env: 'prod', workflow: 'deploy-prod', job: 'sam-deploy', sha: 'a1b2c3d4' }).name;
 * // 'ci-prod-deploy-prod-sam-deploy-a1b2c3d'
 */
export function composeSessionName(parts: SessionNameParts): ComposedSessionName {
  const prefixGiven = parts.prefix || 'ci';
  const sha = checkSha(parts.sha);
  const changes: SessionNameChange[] = [];
  const prefix = cleanFixedPart('prefix', prefixGiven, changes);
  const env = cleanFixedPart('env', parts.env, changes);
  const workflow = cleanPart('workflow', parts.workflow ?? '', changes);
  const job = cleanPart('job', parts.job ?? '', changes);

  const join = (workflow: string, job: string, digest: string | null): string =>
    [prefix, env, workflow, job, digest, sha].filter(Boolean).join('-');
  const given = [prefixGiven, parts.env, parts.workflow || null, parts.job || null, parts.sha];
  const lostCharacters = given.some(part => part !== null && NON_ASCII.test(part));
  const whole = join(workflow, job, lostCharacters ? 'x'.repeat(DIGEST_LENGTH) : null);
  const tooLong = whole.length > SESSION_NAME_LENGTH.max;
  if (!lostCharacters && !tooLong) return { name: whole, digest: null, changes };

  const digest = digestOf(given);
  const room = SESSION_NAME_LENGTH.max - join('', '', digest).length;
  const cut = cutToFit(workflow, job, room);
  if (cut.workflow !== workflow)
    changes.push({ part: 'workflow', from: workflow, to: cut.workflow, reason: 'cut' });
  if (cut.job !== job) changes.push({ part: 'job', from: job, to: cut.job, reason: 'cut' });
  return { name: join(cut.workflow, cut.job, digest), digest, changes };
}

/**
 * Accepts a whole session name as it is, or refuses it; nothing is ever repaired.
 *
 * @returns the name
 * @example
 * checkSessionName('ci-prod-a1b2c3d'); // 'ci-prod-a1b2c3d'
 * @throws DeployMarkerError SESSION_NAME_INVALID with the position of the first bad character, or the length.
 */
export function checkSessionName(name: string): string {
  const bad = FORBIDDEN.exec(name);
  if (bad) {
    const code = (bad[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    const position = [...name.slice(0, bad.index)].length + 1;
    throw new DeployMarkerError(
      'SESSION_NAME_INVALID',
      `session name ${quote(name)} has ${quote(bad[0])} (U+${code}) at position ${position}; STS allows A-Z a-z 0-9 _ + = , . @ -`,
    );
  }
  const { min, max } = SESSION_NAME_LENGTH;
  if (name.length < min || name.length > max) {
    throw new DeployMarkerError(
      'SESSION_NAME_INVALID',
      `session name ${quote(name)} has ${name.length} characters; STS takes ${min} to ${max}`,
    );
  }
  return name;
}

/** Whether {@link composeSessionName} can have made the name: prefix and env at least, and the commit at its end. */
export function isComposedName(name: string): boolean {
  return name.length <= SESSION_NAME_LENGTH.max && COMPOSED.test(name);
}

/** Whether `sha` is a commit id as this tool takes it: 7 to 64 hexadecimal characters. */
export function isGitSha(sha: string): boolean {
  return GIT_SHA.test(sha);
}

/**
 * Checks an environment's name by the rule that session names and markers share.
 *
 * @returns what is wrong, or undefined
 */
export function envProblem(env: string): string | undefined {
  return fixedPartProblem(env, clean(transliterate(env)));
}

function checkSha(sha: string): string {
  if (isGitSha(sha)) return sha.slice(0, SHA_LENGTH).toLowerCase();
  throw new DeployMarkerError(
    'SESSION_NAME_INVALID',
    `commit ${quote(sha)} is not 7 to 64 hexadecimal characters`,
    { hint: 'pass the commit id with --git-sha, for example --git-sha "$(git rev-parse HEAD)"' },
  );
}

function cleanFixedPart(part: 'prefix' | 'env', given: string, changes: SessionNameChange[]): string {
  const cleaned = cleanPart(part, given, changes);
  const problem = fixedPartProblem(given, cleaned);
  if (problem) {
    throw new DeployMarkerError('SESSION_NAME_INVALID', `${part} ${problem}`, {
      hint: `pass a shorter, plainer --${part}`,
    });
  }
  return cleaned;
}

function fixedPartProblem(given: string, cleaned: string): string | undefined {
  if (cleaned === '') return `${quote(given)} has no character that a session name allows`;
  if (cleaned.length > FIXED_PART_MAX) {
    return `${quote(given)} has ${cleaned.length} characters; at most ${FIXED_PART_MAX} are allowed`;
  }
  return undefined;
}

function cleanPart(part: SessionNameChange['part'], given: string, changes: SessionNameChange[]): string {
  const ascii = transliterate(given);
  if (ascii !== given) changes.push({ part, from: given, to: ascii, reason: 'transliterated' });
  const cleaned = clean(ascii);
  if (cleaned !== ascii) changes.push({ part, from: ascii, to: cleaned, reason: 'replaced' });
  return cleaned;
}

function transliterate(text: string): string {
  return NON_ASCII.test(text) ? text.normalize('NFKD').replace(/\p{M}/gu, '') : text;
}

function clean(text: string): string {
  return trimHyphensAtEnd(text.replace(FORBIDDEN_RUNS, '-').replace(/^-+/, ''));
}

/** By hand, for `/-+$/` takes quadratic time over hyphens that are not at the end. */
function trimHyphensAtEnd(text: string): string {
  let end = text.length;
  while (text[end - 1] === '-') end -= 1;
  return text.slice(0, end);
}

/** Shortens the longer part (the job on a tie) one character at a time until both fit, each with its hyphen. */
function cutToFit(workflow: string, job: string, room: number): { workflow: string; job: string } {
  const cut = { workflow, job };
  const width = (part: string): number => (part === '' ? 0 : part.length + 1);
  while (width(cut.workflow) + width(cut.job) > room) {
    const longer = cut.workflow.length > cut.job.length ? 'workflow' : 'job';
    cut[longer] = trimHyphensAtEnd(cut[longer].slice(0, -1));
  }
  return cut;
}

/** RFC 4648 base32, lowercase, of the first five bytes: eight characters of five bits each. */
function digestOf(given: readonly (string | null)[]): string {
  const bytes = createHash('sha256').update(JSON.stringify(given), 'utf8').digest();
  const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
  let bits = 0n;
  for (const byte of bytes.subarray(0, (DIGEST_LENGTH * 5) / 8)) bits = (bits << 8n) | BigInt(byte);
  return Array.from({ length: DIGEST_LENGTH }, (_, i) =>
    alphabet.charAt(Number((bits >> BigInt(5 * (DIGEST_LENGTH - 1 - i))) & 31n)),
  ).join('');
}
