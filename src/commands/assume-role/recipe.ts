import { createHash } from 'node:crypto';
import type { TokenOrigin } from '../../ci/token/oidc-token.ts';
import { withoutUndefined } from '../../core/base/without-undefined.ts';
import type { Env } from '../../io/io.ts';

/** The variable that a recipe is left in. */
export const RECIPE_VARIABLE = 'DEPLOY_MARKER_ASSUMED';

/** How the credentials of the environment were got, so that they can be got again, and no others. Nothing in it is secret. */
export interface Recipe {
  /** Access key id of the credentials that it is about. */
  readonly key: string;
  /** A digest of their session token. */
  readonly digest: string;
  readonly role: string;
  readonly session: string;
  /** Seconds. */
  readonly duration: number;
  readonly region?: string;
  /** Session policy, JSON. */
  readonly policy?: string;
  readonly policyArns: readonly string[];
  readonly token: RecipeToken;
}

/** Where the OIDC token came from. */
export interface RecipeToken {
  readonly origin: TokenOrigin;
  /** Absolute. */
  readonly file?: string;
  readonly env?: string;
  readonly audience?: string;
}

/** The recipe as a variable holds it: one line without an apostrophe, so that it is easily quoted. */
export function toRecipeText(recipe: Recipe): string {
  return JSON.stringify(recipe).replaceAll("'", '\\u0027');
}

/** A digest that tells a session token from another one, and not what it is. */
export function digestOf(sessionToken: string | undefined): string {
  return createHash('sha256')
    .update(sessionToken ?? '')
    .digest('hex')
    .slice(0, 16);
}

/** The recipe of the keys that are in the environment now; undefined where there is none, or another tool has put other keys there. */
export function readRecipe(env: Env): Recipe | undefined {
  const recipe = parseRecipe(env[RECIPE_VARIABLE]);
  return recipe !== undefined && recipe.key === env['AWS_ACCESS_KEY_ID'] ? recipe : undefined;
}

/** Whether another tool has put keys into the environment since a role was assumed. */
export function hasOtherKeys(env: Env): boolean {
  const recipe = parseRecipe(env[RECIPE_VARIABLE]);
  return recipe !== undefined && Boolean(env['AWS_ACCESS_KEY_ID']) && recipe.key !== env['AWS_ACCESS_KEY_ID'];
}

/** The environment without what an earlier `assume-role` left of keys that another tool has replaced since: their end, their session. */
export function withoutLeftovers(env: Env): Env {
  if (!hasOtherKeys(env)) return env;
  const isLeft = parseRecipe(env[RECIPE_VARIABLE])?.digest === digestOf(env['AWS_SESSION_TOKEN']);
  return {
    ...env,
    AWS_CREDENTIAL_EXPIRATION: undefined,
    ...(isLeft ? { AWS_SESSION_TOKEN: undefined } : {}),
  };
}

const ORIGINS = ['given', 'id-token', 'job', 'pod'] as const satisfies readonly TokenOrigin[];

/** What is no recipe counts as none: it may be of another version. */
function parseRecipe(text: string | undefined): Recipe | undefined {
  const json = readObject(text);
  const token = toObject(json?.['token']);
  const origin = ORIGINS.find(each => each === token?.['origin']);
  const [key, digest, role, session] = ['key', 'digest', 'role', 'session'].map(name => toText(json?.[name]));
  const { duration, policyArns } = json ?? {};
  if (key === undefined || digest === undefined || role === undefined || session === undefined)
    return undefined;
  if (typeof duration !== 'number' || !isTextList(policyArns) || origin === undefined) return undefined;
  const { region, policy } = withoutUndefined({
    region: toText(json?.['region']),
    policy: toText(json?.['policy']),
  });
  return {
    key,
    digest,
    role,
    session,
    duration,
    policyArns,
    ...withoutUndefined({ region, policy }),
    token: {
      origin,
      ...withoutUndefined({
        file: toText(token?.['file']),
        env: toText(token?.['env']),
        audience: toText(token?.['audience']),
      }),
    },
  };
}

function readObject(text: string | undefined): Record<string, unknown> | undefined {
  try {
    return toObject(JSON.parse(text ?? ''));
  } catch {
    return undefined;
  }
}

function toObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : undefined;
}

function toText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(item => typeof item === 'string');
}
