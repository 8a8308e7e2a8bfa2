import { AwsRefusal, escapeXml, strictViolation } from '../aws-refusal.ts';
import { type AccessKey, type AwsState, mintAccessKey } from '../aws-state.ts';
import { type HttpResponse, isJsonObject } from '../http-message.ts';
import type { Call } from '../operation.ts';
import { createQueryResponse, type QueryForm, readQueryForm } from '../query-form.ts';

/** A checked STS request: its parameters by name. */
export type StsForm = QueryForm;

/** The XML namespace of STS's answers. */
export const STS_NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';

// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
const SESSION_NAME = /^[A-Za-z0-9_+=,.@-]{2,64}$/;
const ROLE_ARN = /^arn:aws[a-z-]*:iam::(\d{12}):role\/(?:[\x21-\x7e]*\/)?([A-Za-z0-9_+=,.@-]{1,64})$/;
const POLICY_ARN = /^PolicyArns\.member\.(\d+)\.arn$/;

/** An STS `ValidationError`, which a client that checks its input never causes. */
export function stsValidationError(message: string): AwsRefusal {
  return new AwsRefusal(400, 'ValidationError', message, { violation: true });
}

/** The parameters of an STS request, of which only `known` may appear. */
export function readStsForm(call: Call, known: readonly string[]): StsForm {
  const isKnown = (name: string): boolean =>
    known.includes(name) || (known.includes('PolicyArns') && POLICY_ARN.test(name));
  return readQueryForm(call, '2011-06-15', isKnown);
}

function checkPolicies(form: StsForm): void {
  const policy = form.get('Policy');
  if (policy !== undefined && policy.length > 2048)
    throw stsValidationError(`1 validation error detected: Value at 'policy' must have length at most 2048`);
  if (policy !== undefined && !isPolicy(policy))
    throw new AwsRefusal(400, 'MalformedPolicyDocument', 'Syntax errors in policy.');
  const arns = [...form.keys()].filter(name => POLICY_ARN.test(name));
  const gaps = arns.filter((_, index) => !form.has(`PolicyArns.member.${index + 1}.arn`));
  if (gaps.length > 0) throw strictViolation('PolicyArns.member.N must count from 1 without gaps.');
  if (arns.length > 10) throw stsValidationError('The number of policy ARNs exceeds 10.');
}

function isPolicy(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) && 'Statement' in value;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

/** What both AssumeRole operations ask for. */
export interface AssumeRoleInput {
  readonly roleArn: string;
  readonly roleName: string;
  readonly accountId: string;
  readonly sessionName: string;
  readonly durationSeconds: number;
}

/** The checked common parameters of AssumeRole and AssumeRoleWithWebIdentity. */
export function readAssumeRole(form: StsForm): AssumeRoleInput {
  const sessionName = form.get('RoleSessionName') ?? '';
  if (!SESSION_NAME.test(sessionName))
    throw stsValidationError(
      `1 validation error detected: Value '${sessionName}' at 'roleSessionName' failed to satisfy constraint: Member must ` +
        'satisfy regular expression pattern: [\\w+=,.@-]* and have length 2 to 64',
    );
  const roleArn = form.get('RoleArn') ?? '';
  const match = ROLE_ARN.exec(roleArn);
  const [, accountId, roleName] = match ?? [];
  if (accountId === undefined || roleName === undefined || roleArn.length > 2048)
    throw stsValidationError(`${roleArn} is invalid`);
  const duration = form.get('DurationSeconds') ?? '3600';
  const durationSeconds = Number(duration);
  if (!/^\d+$/.test(duration) || durationSeconds < 900 || durationSeconds > 43_200)
    throw stsValidationError(
      `1 validation error detected: Value '${duration}' at 'durationSeconds' failed to satisfy constraint: 900 to 43200`,
    );
  checkPolicies(form);
  return { roleArn, roleName, accountId, sessionName, durationSeconds };
}

/** Creates the session's key in the state and returns it with the XML both AssumeRole operations answer. */
export function openSession(state: AwsState, input: AssumeRoleInput): { key: AccessKey; xml: string } {
  const role = state.roles.get(input.roleArn);
  if (role !== undefined && input.durationSeconds > (role.maxSessionSeconds ?? 43_200))
    throw new AwsRefusal(
      400,
      'ValidationError',
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    );
  const arn = `arn:aws:sts::${input.accountId}:assumed-role/${input.roleName}/${input.sessionName}`;
  // STS answers whole seconds.
  const expiresAt = Math.floor(state.now() / 1000 + input.durationSeconds) * 1000;
  const key = mintAccessKey(arn, expiresAt);
  state.keys.set(key.id, key);
  const xml =
    `<AssumedRoleUser><AssumedRoleId>AROAFAKEROLEID0000001:${escapeXml(input.sessionName)}</AssumedRoleId>` +
    `<Arn>${escapeXml(arn)}</Arn></AssumedRoleUser>` +
    `<Credentials><AccessKeyId>${key.id}</AccessKeyId><SecretAccessKey>${escapeXml(key.secret)}</SecretAccessKey>` +
    `<SessionToken>${escapeXml(key.sessionToken ?? '')}</SessionToken>` +
    `<Expiration>${new Date(expiresAt).toISOString().replace('.000', '')}</Expiration></Credentials>`;
  return { key, xml };
}

/** The XML envelope of a successful STS answer. */
export function createStsResponse(action: string, result: string, requestId: string): HttpResponse {
  return createQueryResponse({ action, namespace: STS_NAMESPACE, result, requestId });
}
