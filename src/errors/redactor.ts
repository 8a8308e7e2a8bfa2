import { toVisible } from './visible-text.ts';

/** Variables whose values no line of ours may show. */
export const SECRET_VARIABLES = [
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'CIRCLE_OIDC_TOKEN',
  'CIRCLE_OIDC_TOKEN_V2',
  'DEPLOY_MARKER_ID_TOKEN',
  'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
];

// Shapes that no line of ours may show, known or not: JSON Web Tokens and AWS access key ids (IAM User Guide,
// "Understanding unique ID prefixes": AKIA long-term, ASIA temporary).
// A token that was cut for a message ends in an ellipsis and has fewer parts.
const SECRET_SHAPES = [
  /\beyJ[\w-]{8,}(?:\.[\w-]*){0,2}…/g,
  /\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{12,}\b/g,
];
// Shorter values would blank out ordinary words.
const SHORTEST_SECRET = 8;
/** Where `quote` cuts what it shows. */
const QUOTED_LENGTH = 80;

/** Takes secrets out of text. Values are learned before their first use, so that no later line can show them. */
export interface Redactor {
  learn(secret: string | undefined): void;
  redact(text: string): string;
}

/** Makes a redactor that knows the shapes of tokens and keys, and whatever it learns. */
export function createRedactor(): Redactor {
  const secrets = new Set<string>();
  return {
    learn(secret) {
      if (secret === undefined || secret.length < SHORTEST_SECRET) return;
      secrets.add(secret);
      if (secret.length > QUOTED_LENGTH) secrets.add(`${secret.slice(0, QUOTED_LENGTH)}…`);
      // In a URL the same secret looks otherwise, in JSON, and where what cannot be seen is made visible.
      secrets.add(encodeURIComponent(Buffer.from(secret).toString()));
      secrets.add(JSON.stringify(secret).slice(1, -1));
      secrets.add(toVisible(secret));
    },
    redact(text) {
      let clean = text;
      // The longest first: a secret that another one begins with would leave the rest of that one.
      for (const secret of [...secrets].sort((a, b) => b.length - a.length))
        clean = clean.replaceAll(secret, '***');
      for (const shape of SECRET_SHAPES) clean = clean.replace(shape, '***');
      return clean;
    },
  };
}
