/** What a token says of itself, unverified: for messages and for knowing when it expires, never for a decision of trust. */
export interface TokenClaims {
  readonly iss?: string;
  /** Several audiences are joined by `, `. */
  readonly aud?: string;
  readonly sub?: string;
  /** Seconds since the epoch. */
  readonly exp?: number;
}

/**
 * The claims of a compact JWT that a trust policy is compared with (RFC 7519, section 4.1). Never throws: what is not a
 * JWT has no claims, and a claim of another type is left out.
 */
export function readTokenClaims(token: string): TokenClaims {
  const claims = readAllClaims(token);
  const iss = textOf(claims['iss']);
  const aud = audienceOf(claims['aud']);
  const sub = textOf(claims['sub']);
  const exp = claims['exp'];
  return {
    ...(iss === undefined ? {} : { iss }),
    ...(aud === undefined ? {} : { aud }),
    ...(sub === undefined ? {} : { sub }),
    ...(typeof exp === 'number' && Number.isFinite(exp) ? { exp } : {}),
  };
}

/** Every claim of a compact JWT, unverified and as it stands. Never throws: what is not a JWT has none. */
export function readAllClaims(token: string): Readonly<Record<string, unknown>> {
  const [, payload] = token.split('.');
  if (payload === undefined) return {};
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    return typeof claims === 'object' && claims !== null && !Array.isArray(claims) ? { ...claims } : {};
  } catch {
    return {};
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function audienceOf(value: unknown): string | undefined {
  if (!Array.isArray(value)) return textOf(value);
  const audiences = value.filter(entry => typeof entry === 'string');
  return audiences.length === 0 ? undefined : audiences.join(', ');
}
