import type { AwsCredentials } from '../aws/aws-credentials.ts';
import { createLakeSink } from '../aws/lake-sink.ts';
import { detectCi } from '../ci/detect.ts';
import type { MarkerSink } from '../core/ports.ts';
import { DeployMarkerError } from '../errors/deploy-marker-error.ts';
import type { CommandContext } from './command.ts';
import type { EmitFlags } from './emit-fields.ts';

/** Opens the CloudTrail Lake sink that the flags describe. */
export function openLakeSink(flags: EmitFlags, maxRate: number, context: CommandContext): MarkerSink {
  const { io, out } = context;
  const channelArn = flags['channel-arn'];
  if (channelArn === undefined) {
    throw new DeployMarkerError('USAGE', '--sink lake needs a channel', {
      hint: 'pass --channel-arn ARN or set DEPLOY_MARKER_CHANNEL_ARN',
    });
  }
  return createLakeSink({
    channelArn,
    externalId: flags['external-id'],
    eventSource: flags['event-source'],
    agent: detectCi(io.env)?.system,
    maxRate,
    env: io.env,
    warn: out.warn,
    renew: renewal(flags, context),
  });
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
    redactor.learn(credentials.secretAccessKey);
    redactor.learn(credentials.sessionToken);
    return credentials;
  };
}
