import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';

/**
 * Longest WebIdentityToken, in characters
 * (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html).
 */
export const MAX_TOKEN_LENGTH = 20_000;

/** Three base64url parts; an empty signature is for the issuer to answer for. */
const COMPACT_JWT = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$/;

/** Anything that looks like a JWT inside other text: its header always begins with `{"`. */
const JWT_INSIDE_TEXT = /eyJ[A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]*)*/g;

/** An OIDC token and, for people, where it came from. */
export interface OidcToken {
  /** Secret: goes into the request to STS and nowhere else. */
  readonly token: string;
  /** A part of a sentence, such as ``CIRCLE_OIDC_TOKEN_V2`` or ``the file /run/token``. */
  readonly source: string;
}

/**
 * The text as a token, blank space around it removed.
 *
 * @throws DeployMarkerError OIDC_TOKEN_UNREADABLE if it is empty, longer than STS takes, or not shaped like a JWT; the
 * text itself is never shown
 */
export function acceptToken(text: string, source: string): OidcToken {
  const token = text.trim();
  const fault = findFault(token);
  if (fault === undefined) return { token, source };
  throw new DeployMarkerError('OIDC_TOKEN_UNREADABLE', `${source} holds no OIDC token: ${fault}`, {
    hint: 'give the bare token (three parts with dots between), without quotes, JSON or "Bearer" around it',
  });
}

/** The first line of a program's output, short, with everything that looks like a token taken out. */
export function quoteOutput(output: string): string {
  const line = output.trim().split('\n')[0]?.trim() ?? '';
  return line.replace(JWT_INSIDE_TEXT, '***').slice(0, 200);
}

function findFault(token: string): string | undefined {
  if (token === '') return 'it is empty';
  if (token.length > MAX_TOKEN_LENGTH)
    return `it is longer than ${MAX_TOKEN_LENGTH} characters, the limit of STS`;
  return COMPACT_JWT.test(token) ? undefined : `its ${token.length} characters are not a JWT`;
}
