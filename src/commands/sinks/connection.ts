import type { ConnectionOptions } from '../../aws/client/connection.ts';
import type { AwsCredentials } from '../../aws/credentials/keys.ts';
import type { AssumeRoleOptions } from '../../aws/sts/assume-role-options.ts';
import type { FindTokenOptions } from '../../ci/token/oidc-token.ts';
import { parseRoleArn } from '../../core/base/arn.ts';
import { withoutUndefined } from '../../core/base/without-undefined.ts';
import { awsRegionOf } from '../../io/aws-config/files.ts';
import type { Env } from '../../io/io.ts';
import { hasOtherKeys, readRecipe, withoutLeftovers } from '../assume-role/recipe.ts';
import type { CommandContext } from '../command.ts';
import { learnerOf } from '../credential-learner.ts';
import type { EmitFlags } from '../emit/fields.ts';
import { parseLimits } from './limits.ts';

/** How remote sinks reach AWS, by the flags. The same for all of them. @throws DeployMarkerError USAGE or ARN_INVALID */
export function connectionOf(flags: EmitFlags, region: string, context: CommandContext): ConnectionOptions {
  const { io, out, redactor } = context;
  const { 'sink-role-arn': roleArn, 'session-name': sessionName = 'deploy-marker' } = flags;
  if (roleArn !== undefined) parseRoleArn(roleArn);
  return {
    ...parseLimits(flags),
    env: withoutLeftovers(io.env),
    warn: out.warn,
    renew: renewal(flags, context),
    learn: learnerOf(redactor),
    role: roleArn === undefined ? undefined : { roleArn, sessionName, region, learn: learnerOf(redactor) },
  };
}

/** Region of the log group, if it is known: that of the job's AWS environment before that which was deployed to. */
export function logRegionOf(flags: EmitFlags, env: Env): string | undefined {
  return env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || flags.region || awsRegionOf(env);
}

/**
 * How to get new credentials for the same identity: as `assume-role` got those that are here, whose recipe it left; else by role and
 * name, as far as those are known. Undefined where they are not, and for keys that another tool put there since.
 */
function renewal(
  flags: EmitFlags,
  { io, out, redactor }: CommandContext,
): (() => Promise<AwsCredentials>) | undefined {
  const request = requestOf(flags, io.env);
  if (request === undefined) return undefined;
  const { token: where, ...asked } = request;
  return async () => {
    const { findOidcToken } = await import('../../ci/token/oidc-token.ts');
    const { assumeRole } = await import('../../aws/sts/sts.ts');
    const { env, now, cwd, signal } = io;
    const { token, source } = await findOidcToken({ env, now, cwd, signal, warn: out.warn, ...where });
    redactor.learn(token);
    out.note(
      `the credentials have expired; assuming ${asked.roleArn} anew with the OIDC token from ${source}`,
    );
    const { credentials } = await assumeRole({
      ...asked,
      webIdentityToken: token,
      signal,
      env,
      settingsEnv: env,
      warn: out.warn,
    });
    learnerOf(redactor)(credentials);
    return credentials;
  };
}

type Request = Pick<
  AssumeRoleOptions,
  'roleArn' | 'sessionName' | 'durationSeconds' | 'region' | 'policy' | 'policyArns'
> & {
  readonly token: Pick<FindTokenOptions, 'tokenFile' | 'tokenEnv' | 'audience' | 'only'>;
};

function requestOf(flags: EmitFlags, env: Env): Request | undefined {
  const { 'role-arn': roleArn, 'session-name': sessionName } = flags;
  const recipe = readRecipe(env);
  if (recipe === undefined) {
    if (roleArn === undefined || sessionName === undefined || hasOtherKeys(env)) return undefined;
    return { roleArn, sessionName, token: {} };
  }
  const { role, session, duration, region, policy, policyArns, token } = recipe;
  return {
    roleArn: role,
    sessionName: session,
    durationSeconds: duration,
    policyArns,
    ...withoutUndefined({ region, policy }),
    token: { only: token.origin, tokenFile: token.file, tokenEnv: token.env, audience: token.audience },
  };
}
