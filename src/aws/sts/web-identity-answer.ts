import type { WebIdentityAnswer } from '../answers/shapes.ts';
import { STS_HINT } from './sts-credentials.ts';

/** A time as STS writes it (RFC 3339); nothing else is taken for one. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i;

/**
 * The answer of AssumeRoleWithWebIdentity in its documented form.
 *
 * Every deploy reads one, and nearly all are as they should be: what says of the others where they are not is loaded for those alone, and
 * has the last word.
 *
 * @param output texts by name, as the client gave them
 * @throws DeployMarkerError UNEXPECTED_RESPONSE, as `readAnswer` does
 */
export async function readWebIdentityAnswer(output: object): Promise<WebIdentityAnswer> {
  const answer = withTime(output);
  if (isPlain(answer)) return answer;
  const { ASSUME_ROLE_WITH_WEB_IDENTITY } = await import('../answers/shapes.ts');
  const { readAnswer } = await import('../answers/documented.ts');
  const rules = {
    operation: 'AssumeRoleWithWebIdentity',
    shape: ASSUME_ROLE_WITH_WEB_IDENTITY,
    hint: STS_HINT,
  };
  return readAnswer(rules, answer);
}

/** The answer with the time of expiry as one. */
function withTime(output: object): Readonly<Record<string, unknown>> {
  const fields: Readonly<Record<string, unknown>> = { ...output };
  const { Credentials: credentials } = fields;
  if (!isRecord(credentials)) return fields;
  const { Expiration: text } = credentials;
  const time = typeof text === 'string' && TIME.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) return fields;
  return { ...fields, Credentials: { ...credentials, Expiration: new Date(time) } };
}

function isPlain(answer: unknown): answer is WebIdentityAnswer {
  if (!isRecord(answer)) return false;
  const { Credentials: credentials, AssumedRoleUser: user } = answer;
  if (!isRecord(credentials) || !isRecord(user)) return false;
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = credentials;
  const { SubjectFromWebIdentityToken: subject, Audience: audience } = answer;
  return (
    [AccessKeyId, SecretAccessKey, SessionToken, user['Arn']].every(isFilled) &&
    Expiration instanceof Date &&
    [subject, audience].every(text => text === undefined || typeof text === 'string')
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isFilled(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}
