import { readArn } from '../base/arn.ts';
import type { TrustOutcome, TrustReason } from './conditions.ts';
import { providerOf, type TrustRequest, toText } from './context.ts';
import { isTrustDocument, toList } from './document.ts';

/**
 * Judges whether the token's provider is among the principals of a statement.
 *
 * Only Federated can name it, by an ARN with an account and without a Region. Whether `*` takes in the holders of tokens,
 * and whether a provider of another account or partition than the role's counts, is `cannot tell`.
 * Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html and
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
 */
export function judgePrincipal(principal: unknown, request: TrustRequest): TrustReason {
  const provider = providerOf(request);
  const entries = isTrustDocument(principal)
    ? Object.entries(principal).flatMap(([kind, names]) => toList(names).map(name => [kind, name] as const))
    : [['*', principal] as const];
  const verdicts = entries.map(([kind, name]) => judgeName(kind, name, request));
  const best = OUTCOMES.map(outcome => verdicts.find(verdict => verdict.outcome === outcome)).find(Boolean);
  return {
    operator: 'Principal',
    key: 'Principal',
    wanted: entries.map(([, name]) => toText(name)),
    found: provider === undefined ? undefined : [provider],
    ...(best ?? { outcome: 'unmet', why: 'it names nobody' }),
  };
}

interface Verdict {
  readonly outcome: TrustOutcome;
  readonly why: string;
}

const OUTCOMES: readonly TrustOutcome[] = ['met', 'cannot tell', 'unmet'];

function judgeName(kind: string, name: unknown, request: TrustRequest): Verdict {
  if (name === '*' || typeof name !== 'string')
    return unsure('whether it takes in this token is not judged here');
  if (/^(?:AWS|Service|CanonicalUser)$/.test(kind))
    return { outcome: 'unmet', why: 'it names no OIDC provider' };
  const provider = providerOf(request);
  if (kind !== 'Federated' || /[*?$<]/.test(name)) return unsure('this kind of principal is not judged here');
  if (provider === undefined) return unsure('the token names no issuer');
  const arn = readArn(name);
  if (arn === undefined && name.startsWith('arn:')) return unsure('it is no whole ARN');
  const named = arn === undefined ? name : /^oidc-provider\/(.+)$/.exec(arn.resource)?.[1];
  if (named === undefined || toRough(named) !== toRough(provider))
    return { outcome: 'unmet', why: 'it is not the provider of the token' };
  if (arn?.service !== 'iam' || arn.region !== '' || arn.account === '' || named !== provider)
    return unsure('it is not written as the provider of the token');
  const [home, roleHome] = [arn, readArn(request.roleArn ?? '')].map(
    of => of && `${of.partition} account ${of.account}`,
  );
  if (roleHome !== undefined && roleHome !== home)
    return unsure(`it belongs to ${home}, the role to ${roleHome}`);
  return { outcome: 'met', why: 'it is the provider of the token' };
}

function toRough(provider: string): string {
  return provider.toLowerCase().replace(/\/+$/, '');
}

function unsure(why: string): Verdict {
  return { outcome: 'cannot tell', why };
}
