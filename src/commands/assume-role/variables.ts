import type { AssumedRole } from '../../aws/sts/sts.ts';
import { withoutUndefined } from '../../core/base/without-undefined.ts';
import { formatUtcTime } from '../../core/time/utc.ts';
import type { Env } from '../../io/io.ts';
import type { VariableChanges } from '../../io/job/bash-env.ts';
import type { RoleRequest } from './assume-role.ts';
import { digestOf, RECIPE_VARIABLE, type Recipe, type RecipeToken, toRecipeText } from './recipe.ts';

/** What there is to leave behind. */
export interface Leavings {
  readonly assumed: AssumedRole;
  readonly request: RoleRequest;
  readonly token: RecipeToken;
  /** When the role was assumed: the start of the deploy. UTC whole seconds. */
  readonly startedAt: string;
}

/** Every variable that {@link toChanges} may set. */
export const CREDENTIAL_VARIABLES = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_REGION',
  'AWS_DEFAULT_REGION',
  'AWS_CREDENTIAL_EXPIRATION',
  'ROLE_SESSION_NAME',
  'DEPLOY_MARKER_ROLE_ARN',
  'DEPLOY_MARKER_STARTED_AT',
  RECIPE_VARIABLE,
] as const;

/** What later steps get: the keys, and what they want to know of them. AWS_PROFILE would hide the keys, so it goes. */
export function toChanges(leavings: Leavings, env: Env): VariableChanges {
  const { assumed, request, startedAt } = leavings;
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = assumed.credentials;
  const { region } = request;
  const set = {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_CREDENTIAL_EXPIRATION: expiration === undefined ? undefined : formatUtcTime(expiration.getTime()),
    ROLE_SESSION_NAME: assumed.sessionName,
    DEPLOY_MARKER_ROLE_ARN: assumed.roleArn,
    DEPLOY_MARKER_STARTED_AT: startedAt,
    [RECIPE_VARIABLE]: toRecipeText(recipeOf(leavings)),
  } satisfies Record<(typeof CREDENTIAL_VARIABLES)[number], string | undefined>;
  const known = Object.entries(set).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { set: Object.fromEntries(known), unset: env['AWS_PROFILE'] ? ['AWS_PROFILE'] : [] };
}

function recipeOf({ assumed, request, token }: Leavings): Recipe {
  const { roleArn, sessionName, durationSeconds, region, policy, policyArns } = request;
  return {
    key: assumed.credentials.accessKeyId,
    digest: digestOf(assumed.credentials.sessionToken),
    role: roleArn,
    session: sessionName,
    duration: durationSeconds,
    policyArns,
    ...withoutUndefined({ region, policy }),
    token,
  };
}
