import { createHash } from 'node:crypto';
import { DEFAULT_ISSUER, DEFAULT_ORG_ID } from './aws-state.ts';
import { isJsonObject } from './http-message.ts';

/** Claims of an OIDC token; `exp` and `iat` in seconds. Others are put in as given, `undefined` leaves one out. */
export interface TokenClaims {
  readonly iss?: string | undefined;
  readonly aud?: string | readonly string[] | undefined;
  readonly sub?: string | undefined;
  readonly iat?: number;
  readonly exp?: number;
  readonly [claim: string]: unknown;
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/**
 * A well-formed JWT whose signature is made up, trusted by the server's default role unless `claims` say otherwise.
 *
 * It looks like a CircleCI V2 token and lives for an hour.
 */
export function mintToken(claims: TokenClaims = {}): string {
  const iat = claims.iat ?? Math.floor(Date.now() / 1000);
  const payload = {
    iss: DEFAULT_ISSUER,
    aud: DEFAULT_ORG_ID,
    sub: `org/${DEFAULT_ORG_ID}/project/7e0c1d2b-0000-4000-8000-00000000aaaa/user/5c0d0000-0000-4000-8000-00000000bbbb/vcs-origin/github.com/acme/app/vcs-ref/refs/heads/main`,
    exp: iat + 3600,
    ...claims,
    iat,
  };
  const signed = `${encode({ alg: 'RS256', kid: 'fake-key-1', typ: 'JWT' })}.${encode(payload)}`;
  return `${signed}.${createHash('sha512').update(signed).digest('base64url')}`;
}

/** The claims of a JWT, unverified, or undefined when it is not one. */
export function readTokenClaims(token: string): Record<string, unknown> | undefined {
  const parts = token.split('.');
  const payload = parts[1];
  if (parts.length !== 3 || payload === undefined || parts.some(part => !/^[\w-]+$/.test(part)))
    return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
    return isJsonObject(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
