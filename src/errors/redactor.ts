import { toVisible } from './visible-text.ts';

/** Variables whose values no line of ours may show. */
export const SECRET_VARIABLES = [
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'CIRCLE_OIDC_TOKEN',
  'CIRCLE_OIDC_TOKEN_V2',
  'DEPLOY_MARKER_ID_TOKEN',
  'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN',
];

// Shapes that no line of ours may show, known or not: JSON Web Tokens and AWS access key ids (IAM User Guide,
// "Understanding unique ID prefixes": AKIA long-term, ASIA temporary).
// A token that was cut for a message ends in an ellipsis and has fewer parts.
const SECRET_SHAPES = [
  /\beyJ[\w-]{8,}(?:\.[\w-]*){0,2}\u2026/g,
  /\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{12,}\b/g,
];
/** One of these stands in all of those shapes. Few texts have any, and it is quicker to see. */
const SIGNS = ['eyJ', 'AKIA', 'ASIA'];
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
  let longestFirst: readonly string[] = [];
  return {
    learn(secret) {
      if (secret === undefined || secret.length < SHORTEST_SECRET) return;
      for (const form of formsOf(secret)) secrets.add(form);
      // A secret that another one begins with would leave the rest of that one.
      longestFirst = [...secrets].sort((a, b) => b.length - a.length);
    },
    redact(text) {
      let clean = text;
      for (const secret of longestFirst) clean = clean.replaceAll(secret, '***');
      if (!SIGNS.some(sign => clean.includes(sign))) return clean;
      return SECRET_SHAPES.reduce((left, shape) => left.replace(shape, '***'), clean);
    },
  };
}

/** How a secret may stand in a text: as it is, cut by `quote`, in a URL, in JSON, and with what cannot be seen made visible. */
function formsOf(secret: string): string[] {
  return [
    secret,
    ...(secret.length > QUOTED_LENGTH ? [`${secret.slice(0, QUOTED_LENGTH)}…`] : []),
    encodeURIComponent(secret.toWellFormed()),
    JSON.stringify(secret).slice(1, -1),
    toVisible(secret),
  ];
}

/** Whether a variable is called as those that name a proxy or an endpoint, perhaps with a user and a password. */
export function holdsAddress(variable: string): boolean {
  const name = variable.toLowerCase();
  return (name.includes('proxy') && !name.startsWith('no_')) || name.includes('endpoint_url');
}

/** The secrets that variables hold: the values of some, and the passwords in the addresses of proxies and endpoints. */
export function secretsOfEnvironment(env: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(env).flatMap(([name, value = '']) => {
    if (SECRET_VARIABLES.includes(name)) return [value];
    return holdsAddress(name) ? passwordsOf(value) : [];
  });
}

/** The password in an address, as it stands there and as it is. */
function passwordsOf(address: string): string[] {
  if (!address.includes('@')) return [];
  const url = address.includes('://') ? address : `http://${address}`;
  if (!URL.canParse(url)) return [];
  const { password } = new URL(url);
  return [password, decode(password)];
}

function decode(password: string): string {
  try {
    return decodeURIComponent(password);
  } catch (error) {
    if (error instanceof URIError) return password;
    throw error;
  }
}
