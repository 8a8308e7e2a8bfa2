import { quote } from '../base/quote.ts';
import { toList } from './document.ts';

/** What is asked of a trust policy: may this token assume the role under this session name? */
export interface TrustRequest {
  /** The claims of the OIDC token. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** Undefined if it is not known. */
  readonly sessionName: string | undefined;
  /** The role's ARN, if it is known. */
  readonly roleArn?: string;
}

/** The value of a key in a request: one, several, none (undefined), or not known (null). */
export type KeyValue = string | readonly string[] | undefined | null;

/** What a condition key holds in the request. */
export interface KeyReading {
  /** What the key may hold; the first is what AWS documents, and the others cannot be ruled out. */
  readonly values: readonly [KeyValue, ...KeyValue[]];
  /** What the request has, for people; undefined if it has nothing or that is not known. */
  readonly found: readonly string[] | undefined;
  /** What is special about the key. */
  readonly why?: string;
}

const STANDARD_KEYS = /^(?:aud|oaud|sub|amr|email)$/;
// Providers that AWS knows by name, and which claims of theirs are condition keys besides the standard ones; undefined
// for those that no CI system uses. Every other provider has the standard ones alone.
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
// and https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html
const PROVIDERS: readonly (readonly [provider: RegExp, claims: RegExp | undefined])[] = [
  [/^oidc\.circleci\.com\/org\/[^/]+$/, /^oidc\.circleci\.com\/project-id$/],
  [
    /^(?:token\.actions\.(?:githubusercontent\.com(?:\/.+)?|[^/]+\.ghe\.com)|github\.com\/enterprises\/[^/]+)$/,
    /^(?:actor(?:_id)?|enterprise_id|environment|job_workflow_ref|ref|repository(?:_(?:owner_)?id)?|workflow)$/,
  ],
  [
    /^gitlab\.com$/,
    /^(?:(?:namespace|project|user)_id|pipeline_source|ref_protected|runner_environment|user_(?:access_level|email|login))$/,
  ],
  [
    /^agent\.buildkite\.com$/,
    /^(?:build_branch|(?:cluster|organization|pipeline)_id|cluster_name|(?:organization|pipeline)_slug)$/,
  ],
  [
    /^(?:accounts\.google|cognito-identity\.amazonaws|graph\.facebook|www\.amazon)\.com$|\.oraclecloud\.com$/,
    undefined,
  ],
];

/** The provider of a token as AWS names it: the issuer's URL without `https://`; undefined if the token has none. */
export function providerOf({ claims }: TrustRequest): string | undefined {
  const issuer = claims['iss'];
  return typeof issuer === 'string' ? issuer.replace(/^https:\/\//, '') : undefined;
}

/** Whether the token asks for session tags or a source identity, which need more than leave to assume the role. */
export function hasAwsClaims({ claims }: TrustRequest): boolean {
  return Object.keys(claims).some(name => name.startsWith('https://aws.amazon.com/'));
}

/**
 * What a condition key holds when this token asks for the role. Names of keys know no case.
 *
 * A key that AWS does not list for the token's provider is not in the request; but AWS adds keys now and then, so that
 * what the token holds cannot be ruled out either.
 */
export function readKey(key: string, request: TrustRequest): KeyReading {
  const name = key.toLowerCase();
  const provider = providerOf(request);
  if (name === 'sts:rolesessionname') {
    const { sessionName } = request;
    if (sessionName === undefined) return unknownKey('the session name is not known');
    return { values: [sessionName], found: [sessionName] };
  }
  if (provider === undefined) return unknownKey('the token names no issuer');
  const prefix = `${provider.toLowerCase()}:`;
  if (name.startsWith(prefix)) return readClaim(name.slice(prefix.length), provider, request.claims);
  if (/^[^:]*\.[^:]*:/.test(key)) return absentKey(`keys for this token begin with ${provider}:`);
  const isFromToken = /^(?:aws:requesttag\/|aws:tagkeys$|sts:sourceidentity$|sts:transitivetagkeys$)/.test(
    name,
  );
  if (isFromToken && !hasAwsClaims(request))
    return absentKey('the token carries neither session tags nor a source identity');
  return unknownKey('what this key holds is known at the call only');
}

function readClaim(name: string, provider: string, claims: TrustRequest['claims']): KeyReading {
  const [, own] = PROVIDERS.find(([form]) => form.test(provider)) ?? ['', /$^/];
  const isListed = STANDARD_KEYS.test(name) || own?.test(name) === true;
  const claim = claimOf(name, claims, isListed);
  const held = claim !== undefined && Object.hasOwn(claims, claim) ? claims[claim] : undefined;
  // A token for several audiences without azp is refused by STS, one for a list of one is not.
  const value = toKeyValue(name === 'aud' && Array.isArray(held) && held.length === 1 ? held[0] : held);
  const found = held === undefined ? undefined : toList(held).map(toText);
  if (isListed) {
    const isKnown = !Array.isArray(value) || name === 'amr' || name === 'oaud';
    return { values: [isKnown ? value : null], found };
  }
  const why = `AWS documents no condition key for the claim ${name}`;
  return { values: own === undefined ? [null] : [undefined, value ?? null], found, why };
}

/** The claim that a key shows: AWS takes the audience from azp where the token has it, and shows aud as oaud too. */
function claimOf(name: string, claims: TrustRequest['claims'], isListed: boolean): string | undefined {
  if (name === 'aud' && Object.hasOwn(claims, 'azp')) return 'azp';
  if (name === 'oaud') return 'aud';
  return isListed ? name : Object.keys(claims).find(claim => claim.toLowerCase() === name);
}

// How AWS writes numbers and the like is not documented, and an empty text counts as no value in some places.
function toKeyValue(claim: unknown): KeyValue {
  if (claim === undefined) return undefined;
  const values = toList(claim).filter(entry => typeof entry === 'string' && entry !== '');
  if (values.length === 0 || values.length < toList(claim).length) return null;
  return Array.isArray(claim) ? values.map(String) : String(claim);
}

/** A value for people: text as it is, anything else as JSON. */
export function toText(value: unknown): string {
  return typeof value === 'string' ? value : quote(value);
}

function absentKey(why: string): KeyReading {
  return { values: [undefined, null], found: undefined, why };
}

function unknownKey(why: string): KeyReading {
  return { values: [null], found: undefined, why };
}
