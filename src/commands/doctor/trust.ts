import type { OidcToken } from '../../ci/token/oidc-token.ts';
import { quote } from '../../core/base/quote.ts';
import { type DoctorCheck, failed, noted, passed } from '../../core/doctor-check.ts';
import { readAllClaims } from '../../core/trust/claims.ts';
import type { TrustReason } from '../../core/trust/conditions.ts';
import { evaluateTrust, isTrustNarrow, type StatementResult } from '../../core/trust/evaluation.ts';
import { parseTrustPolicy } from '../../core/trust/policy.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { type DoctorScene, diagnoseInTime, type TrustPlace } from './scene.ts';
import { readTrustText } from './trust-text.ts';

const NAME = 'trust-policy';

/** What the policy is held against, as far as the checks before it found it. */
export interface TrustSubject {
  readonly token: OidcToken | undefined;
  readonly sessionName: string | undefined;
}

/** The check of whether the role's trust policy lets this token in under this session name. */
export function checkTrust(
  scene: DoctorScene,
  place: TrustPlace,
  subject: TrustSubject,
): Promise<DoctorCheck> {
  return diagnoseInTime(NAME, scene, 'file' in place ? 'the file' : 'IAM', async signal =>
    evaluate(await readTrustText(scene, place, signal), scene, subject),
  );
}

function evaluate(
  text: string,
  { own, assume }: DoctorScene,
  { token, sessionName }: TrustSubject,
): DoctorCheck {
  const file = own['trust-policy'];
  const policy = parseTrustPolicy(text, file === undefined ? undefined : quote(file));
  if (token === undefined) {
    return noted(NAME, 'skipped', 'there is no token to hold it against', 'run it in the job');
  }
  const roleArn = assume['role-arn'];
  const request = { claims: readAllClaims(token.token), sessionName, ...(roleArn ? { roleArn } : {}) };
  const { decision, statements } = evaluateTrust(policy, request);
  const as = sessionName === undefined ? '' : ` as ${sessionName}`;
  const details = statements.flatMap(describeStatement);
  if (decision === 'denied') return failed(NAME, refusal(as), details);
  if (decision === 'cannot tell') {
    const told = `it cannot be told here whether it lets this token in${as}`;
    return noted(NAME, 'warn', told, 'try it with `deploy-marker assume-role`', details);
  }
  if (isTrustNarrow(statements)) return passed(NAME, `it lets this token in${as}`);
  const told = `it lets this token in${as}, and jobs of other projects too`;
  return noted(NAME, 'warn', told, 'add a condition on the claim sub, as the role templates have it');
}

function refusal(as: string): DeployMarkerError {
  return new DeployMarkerError('ASSUME_ROLE_DENIED', `it does not let this token in${as}`, {
    hint: 'change what is named in the trust policy, or run the job that it is for',
  });
}

/** What keeps a statement from allowing, or makes it deny. */
function describeStatement({ name, effect, applies, reasons }: StatementResult): string[] {
  if (effect === 'Allow' && applies === 'yes') return [];
  if (effect === 'Deny' && applies === 'no') return [];
  const verb = { yes: 'denies it', no: 'does not apply', 'cannot tell': 'may apply' }[applies];
  const telling = reasons.filter(({ outcome }) => applies === 'yes' || outcome !== 'met');
  return [`${name} (${effect}) ${verb}`, ...telling.flatMap(describeReason)];
}

function describeReason({ operator, key, wanted, found, outcome, why }: TrustReason): string[] {
  const name = operator === key ? key : `${operator} ${key}`;
  const asked = wanted.map((value, index) => `    ${index === 0 ? 'wants' : 'or   '} ${quoteWhole(value)}`);
  const has = found === undefined ? [] : [`    has   ${found.map(quoteWhole).join(', ') || 'nothing'}`];
  return [`  ${outcome}: ${name}: ${why}`, ...asked, ...has];
}

/** Whole: comparing them takes every character. */
function quoteWhole(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}
