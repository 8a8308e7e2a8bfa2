import { refuseCaller as refuse } from './auth-refusal.ts';
import type { Protocol } from './aws-refusal.ts';
import type { AccessKey, AwsState } from './aws-state.ts';
import { type HttpRequest, headerValue, headerValues } from './http-message.ts';
import {
  type CredentialScope,
  calculateSignature,
  canonicalRequest,
  parseAmzDate,
  sha256Hex,
  stringToSign,
  toAmzDate,
} from './sigv4.ts';

/**
 * "In most cases, a request must reach AWS within five minutes of the time stamp in the request"; STS and S3 say 15 in their errors.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-signing.html
 */
const skewMinutes = (service: string): number => (service === 'sts' || service === 's3' ? 15 : 5);

/** Where a request must be signed for, and how its refusals are named. */
export interface SigningTarget {
  readonly service: string;
  readonly region: string;
  readonly protocol: Protocol;
}

/** What the Authorization header of a verified request said. */
export interface Caller {
  readonly key: AccessKey;
  readonly scope: CredentialScope;
  readonly signedHeaders: readonly string[];
}

interface Authorization {
  readonly keyId: string;
  readonly scope: CredentialScope;
  readonly terminator: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

function parseAuthorization(header: string): Authorization | string {
  const [algorithm, ...rest] = header.split(' ');
  if (algorithm !== 'AWS4-HMAC-SHA256') return `Unsupported AWS 'algorithm': '${algorithm}'.`;
  const fields = new Map(
    rest
      .join(' ')
      .split(',')
      .map((part): [string, string] => {
        const equals = part.indexOf('=');
        return [part.slice(0, equals).trim(), part.slice(equals + 1).trim()];
      }),
  );
  const credential = (fields.get('Credential') ?? '').split('/');
  const [keyId, date, region, service, terminator] = credential;
  if (
    credential.length !== 5 ||
    !keyId ||
    date === undefined ||
    region === undefined ||
    service === undefined ||
    terminator === undefined
  )
    return `Authorization header requires 'Credential' parameter. Authorization=${header}`;
  const signedHeaders = (fields.get('SignedHeaders') ?? '').split(';');
  if (signedHeaders[0] === '') return "Authorization header requires 'SignedHeaders' parameter.";
  const signature = fields.get('Signature') ?? '';
  if (!/^[0-9a-f]{64}$/.test(signature)) return "Authorization header requires 'Signature' parameter.";
  return { keyId, scope: { date, region, service }, terminator, signedHeaders, signature };
}

function checkScope(authorization: Authorization, target: SigningTarget, amzDate: string): void {
  const { scope, terminator } = authorization;
  if (terminator !== 'aws4_request')
    throw refuse(
      target.protocol,
      'mismatch',
      "Credential should be scoped with a valid terminator: 'aws4_request'.",
    );
  if (scope.service !== target.service)
    throw refuse(
      target.protocol,
      'mismatch',
      `Credential should be scoped to correct service: '${target.service}', not '${scope.service}'.`,
    );
  if (scope.region !== target.region)
    throw refuse(
      target.protocol,
      'mismatch',
      `Credential should be scoped to a valid region, not '${scope.region}' (this is '${target.region}').`,
    );
  if (scope.date !== amzDate.slice(0, 8))
    throw refuse(
      target.protocol,
      'mismatch',
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date: '${scope.date}' != '${amzDate}'.`,
    );
}

function checkSignedHeaders(
  request: HttpRequest,
  signedHeaders: readonly string[],
  protocol: Protocol,
): void {
  const sorted = [...new Set(signedHeaders)].sort();
  if (sorted.join(';') !== signedHeaders.join(';') || signedHeaders.some(name => name !== name.toLowerCase()))
    throw refuse(
      protocol,
      'mismatch',
      `SignedHeaders are not sorted lower case: '${signedHeaders.join(';')}'.`,
    );
  const absent = signedHeaders.filter(name => headerValues(request, name).length === 0);
  if (absent.length > 0)
    throw refuse(protocol, 'mismatch', `Signed headers are not sent: ${absent.join(', ')}.`);
  // "You must include the host header … and any x-amz-* headers in the request."
  const needed = ['host', ...request.headers.map(([name]) => name).filter(name => name.startsWith('x-amz-'))];
  const unsigned = needed.filter(name => !signedHeaders.includes(name));
  if (unsigned.length > 0)
    throw refuse(
      protocol,
      'mismatch',
      `'${unsigned.join("', '")}' must be a 'SignedHeader' in the AWS Authorization.`,
    );
}

function checkSignature(
  request: HttpRequest,
  authorization: Authorization,
  key: AccessKey,
  protocol: Protocol,
): void {
  const payloadHash = sha256Hex(request.body);
  const claimed = headerValue(request, 'x-amz-content-sha256');
  if (claimed !== undefined && claimed !== payloadHash)
    throw refuse(
      protocol,
      'payload',
      `x-amz-content-sha256 is '${claimed}', the body's SHA-256 '${payloadHash}'.`,
    );
  const { signedHeaders, scope, signature } = authorization;
  const canonical = canonicalRequest({ ...request, service: scope.service, signedHeaders, payloadHash });
  const text = stringToSign(canonical, headerValue(request, 'x-amz-date') ?? '', scope);
  if (calculateSignature(key.secret, scope, text) === signature) return;
  throw refuse(
    protocol,
    'mismatch',
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and ' +
      `signing method.\n\nThe Canonical String for this request should have been\n'${canonical}'\n\n` +
      `The String-to-Sign should have been\n'${text}'\n`,
  );
}

function checkDate(state: AwsState, amzDate: string, { protocol, service }: SigningTarget): void {
  const time = parseAmzDate(amzDate);
  if (time === undefined)
    throw refuse(protocol, 'incomplete', `Date must be in ISO-8601 'basic format'. Got '${amzDate}'.`);
  const now = state.now();
  const minutes = skewMinutes(service);
  if (Math.abs(now - time) <= minutes * 60_000) return;
  const [verdict, sign] = time < now ? ['expired', '-'] : ['not yet current', '+'];
  const limit = toAmzDate(now + Number(`${sign}${minutes * 60_000}`));
  const than = `${sign === '-' ? 'now earlier' : 'still later'} than ${limit} (${toAmzDate(now)} ${sign} ${minutes} min.)`;
  // Not a violation: clients correct their clock by our Date header and try again.
  throw refuse(protocol, 'skewed', `Signature ${verdict}: ${amzDate} is ${than}`);
}

/**
 * Verifies the Signature Version 4 of `request` from scratch and returns who made it.
 *
 * @throws {AwsRefusal} with AWS's name for what does not hold.
 */
export function authenticate(state: AwsState, request: HttpRequest, target: SigningTarget): Caller {
  const { protocol } = target;
  const headers = headerValues(request, 'authorization');
  const header = headers[0];
  if (header === undefined || headers.length > 1)
    throw refuse(
      protocol,
      'missing',
      `Missing Authentication Token (${headers.length} Authorization headers).`,
    );
  const authorization = parseAuthorization(header);
  if (typeof authorization === 'string') throw refuse(protocol, 'incomplete', authorization);
  const amzDate = headerValue(request, 'x-amz-date');
  if (amzDate === undefined)
    throw refuse(
      protocol,
      'incomplete',
      "Authorization header requires existence of an 'X-Amz-Date' header.",
    );

  const key = state.keys.get(authorization.keyId);
  const invalid = 'The security token included in the request is invalid.';
  if (key === undefined) throw refuse(protocol, 'unknown', invalid);
  checkDate(state, amzDate, target);
  checkScope(authorization, target, amzDate);
  checkSignedHeaders(request, authorization.signedHeaders, protocol);
  if (headerValue(request, 'x-amz-security-token') !== key.sessionToken)
    throw refuse(protocol, 'unknown', invalid);
  checkSignature(request, authorization, key, protocol);
  if (key.expiresAt !== undefined && key.expiresAt <= state.now())
    throw refuse(protocol, 'expired', 'The security token included in the request is expired');
  return { key, scope: authorization.scope, signedHeaders: authorization.signedHeaders };
}
