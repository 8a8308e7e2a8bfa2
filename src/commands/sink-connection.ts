import type { AwsCredentials } from '../aws/aws-credentials.ts';
import type { ConnectionOptions } from '../aws/connection.ts';
import { parseRoleArn } from '../core/arn.ts';
import type { Env } from '../io/io.ts';
import type { CommandContext } from './command.ts';
import { learnerOf } from './credential-learner.ts';
import type { EmitFlags } from './emit-fields.ts';
import { parseLimits } from './sink-limits.ts';

/** How remote sinks reach AWS, by the flags. The same for all of them. @throws DeployMarkerError USAGE or ARN_INVALID */
export function connectionOf(flags: EmitFlags, region: string, context: CommandContext): ConnectionOptions {
  const { io, out, redactor } = context;
  const { 'sink-role-arn': roleArn, 'session-name': sessionName = 'deploy-marker' } = flags;
  if (roleArn !== undefined) parseRoleArn(roleArn);
  return {
    ...parseLimits(flags),
    env: io.env,
    warn: out.warn,
    renew: renewal(flags, context),
    learn: learnerOf(redactor),
    role: roleArn === undefined ? undefined : { roleArn, sessionName, region, learn: learnerOf(redactor) },
  };
}

/** Region of the log group, if it is known: that of the job's AWS environment before that which was deployed to. */
export function logRegionOf(flags: EmitFlags, env: Env): string | undefined {
  return env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || flags.region;
}

/** How to assume the deploy's role anew, by the same name; undefined where role or name are not known. */
function renewal(
  flags: EmitFlags,
  { io, out, redactor }: CommandContext,
): (() => Promise<AwsCredentials>) | undefined {
  const { 'role-arn': roleArn, 'session-name': sessionName } = flags;
  if (roleArn === undefined || sessionName === undefined) return undefined;
  return async () => {
    const { findOidcToken } = await import('../ci/oidc-token.ts');
    const { assumeRole } = await import('../aws/sts.ts');
    const { env, now, cwd, signal } = io;
    const { token, source } = await findOidcToken({ env, now, cwd, signal, warn: out.warn });
    redactor.learn(token);
    out.note(`the credentials have expired; assuming ${roleArn} anew with the OIDC token from ${source}`);
    const { credentials } = await assumeRole({
      roleArn,
      sessionName,
      webIdentityToken: token,
      signal,
      env,
      warn: out.warn,
    });
    learnerOf(redactor)(credentials);
    return credentials;
  };
}
