import { resolve } from 'node:path';
import { type AssumedRole, assumeRole } from '../../aws/sts/sts.ts';
import { findOidcToken, type TokenOrigin } from '../../ci/token/oidc-token.ts';
import type { OptionValues } from '../../config/option.ts';
import { parseRoleArn } from '../../core/base/arn.ts';
import { withoutUndefined } from '../../core/base/without-undefined.ts';
import { checkSessionName } from '../../core/session-name.ts';
import { formatUtcTime } from '../../core/time/utc.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { awsRegionOf } from '../../io/aws-config/files.ts';
import { describeFileFault } from '../../io/file/file-fault.ts';
import { readSmallFile } from '../../io/small-file.ts';
import type { CommandContext, CommandInput } from '../command.ts';
import { composeFromJob } from '../session-name.ts';
import type { ASSUME_ROLE_FLAGS } from './assume-role.flags.ts';
import type { CredentialTarget } from './credential-target.ts';
import { parseSessionDuration } from './duration.ts';
import type { RecipeToken } from './recipe.ts';
import type { RoleRequest } from './role-request.ts';
import { checkTarget, chooseTarget, clearCredentials, leaveCredentials } from './target.ts';

type Flags = OptionValues<typeof ASSUME_ROLE_FLAGS>;

/**
 * Characters of a session policy, and managed policies.
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html (Policy, PolicyArns)
 */
const POLICY_LIMITS = { characters: 2048, arns: 10 } as const;

/** Assumes a role with the job's OIDC token and leaves the credentials where later steps find them. */
export async function run(
  input: CommandInput<typeof ASSUME_ROLE_FLAGS>,
  context: CommandContext,
): Promise<void> {
  const flags = dropOutranked(input);
  const { out, json } = context;
  const target = chooseTarget(flags, context);
  if (flags.clear) {
    await clearCredentials(target, context);
    // A shell evaluates what stands on stdout there.
    if (target.takesStdout) return;
    if (json) out.resultJson({ cleared: target.output });
    else out.result(`cleared ${target.title}`);
    return;
  }
  const request = await readRequest(flags, context);
  // With all that may have to be told of the token, so that what no profile can hold is refused before STS is asked.
  const asked = describeToken(flags['token-file'] === undefined ? 'job' : 'given', flags, context.io);
  await checkTarget(
    target,
    { ...request, repeat: [...request.repeat, ...repeatTokenFlags(asked)] },
    context.io,
  );
  const { assumed, token } = await assumeWithToken(request, flags, context);
  const startedAt = formatUtcTime(context.io.now());
  const repeat = [...request.repeat, ...repeatTokenFlags(token)];
  await leaveCredentials(target, { assumed, request: { ...request, repeat }, token, startedAt }, context);
  reportAssumed(assumed, target, context);
}

const TOKEN_SOURCES = ['token-file', 'token-env', 'audience'] as const;

/** Of the flags that name a token's source, one that was given outranks the others' variables and the file's settings. */
function dropOutranked({ values, origins }: CommandInput<typeof ASSUME_ROLE_FLAGS>): Flags {
  if (!TOKEN_SOURCES.some(name => origins[name] === 'flag')) return values;
  const outranked = TOKEN_SOURCES.filter(name => origins[name] !== 'flag');
  return { ...values, ...Object.fromEntries(outranked.map(name => [name, undefined])) };
}

async function readRequest(flags: Flags, { io, out }: CommandContext): Promise<RoleRequest> {
  const { 'role-arn': roleArn, 'policy-arn': policyArns } = flags;
  if (roleArn === undefined) {
    throw new DeployMarkerError('USAGE', 'the role is not known', {
      hint: 'pass --role-arn, for example --role-arn arn:aws:iam::123456789012:role/deploy',
    });
  }
  parseRoleArn(roleArn);
  const durationSeconds = parseSessionDuration(flags.duration);
  if (policyArns.length > POLICY_LIMITS.arns) {
    throw new DeployMarkerError(
      'USAGE',
      `--policy-arn is given ${policyArns.length} times; STS takes at most ${POLICY_LIMITS.arns}`,
    );
  }
  const policy =
    flags.policy === undefined ? undefined : await readPolicy(resolve(io.cwd, flags.policy), io.signal);
  const sessionName = await readSessionName(flags, { io, out });
  out.debug(`session name ${sessionName}`);
  const region = flags.region ?? awsRegionOf(io.env);
  const request = { roleArn, sessionName, durationSeconds, region, policy, policyArns };
  return { ...request, repeat: toRepeatFlags(request, flags, io.cwd) };
}

async function readSessionName(
  flags: Flags,
  { io, out }: Pick<CommandContext, 'io' | 'out'>,
): Promise<string> {
  if (flags['session-name'] !== undefined) return checkSessionName(flags['session-name']);
  return (await composeFromJob(flags, io, out.warn)).name;
}

async function assumeWithToken(
  request: RoleRequest,
  flags: Flags,
  context: CommandContext,
): Promise<{ readonly assumed: AssumedRole; readonly token: RecipeToken }> {
  const { io, out, redactor } = context;
  const repeatWith = flags['repeat-with'];
  const { token, source, origin } = await findOidcToken({
    env: io.env,
    now: io.now,
    cwd: io.cwd,
    tokenFile: flags['token-file'],
    tokenEnv: flags['token-env'],
    audience: flags.audience,
    only: TOKEN_ORIGINS.find(each => each === repeatWith),
    signal: io.signal,
    warn: out.warn,
  });
  redactor.learn(token);
  out.note(`using the OIDC token from ${source}`);
  const { repeat: _, ...asked } = request;
  const assumed = await assumeRole({
    ...withoutUndefined(asked),
    webIdentityToken: token,
    signal: io.signal,
    env: io.env,
    settingsEnv: io.env,
    warn: out.warn,
  });
  redactor.learn(assumed.credentials.secretAccessKey);
  redactor.learn(assumed.credentials.sessionToken);
  return { assumed, token: describeToken(origin, flags, io) };
}

const TOKEN_ORIGINS = ['given', 'job', 'pod'] as const;

/** Where the token came from, in words that hold in every folder. */
function describeToken(origin: TokenOrigin, flags: Flags, { env, cwd }: CommandContext['io']): RecipeToken {
  const { audience, 'token-file': file, 'token-env': variable } = flags;
  if (origin === 'pod') {
    const path = file ?? env['AWS_WEB_IDENTITY_TOKEN_FILE'] ?? '';
    return { origin, file: resolve(cwd, path) };
  }
  if (origin !== 'given') return { origin };
  if (audience !== undefined) return { origin, audience };
  return { origin, ...withoutUndefined({ file: file && resolve(cwd, file), env: variable }) };
}

/** The same as flags. */
function repeatTokenFlags({ origin, file, env, audience }: RecipeToken): string[] {
  return [
    ...(file === undefined ? [] : [`--token-file=${file}`]),
    ...(env === undefined ? [] : [`--token-env=${env}`]),
    ...(audience === undefined ? [] : [`--audience=${audience}`]),
    ...(origin === 'id-token' ? ['--token-env=DEPLOY_MARKER_ID_TOKEN'] : []),
    `--repeat-with=${origin === 'id-token' ? 'given' : origin}`,
  ];
}

function reportAssumed(assumed: AssumedRole, target: CredentialTarget, { out, json }: CommandContext): void {
  const { account, assumedRoleArn, sessionName, credentials } = assumed;
  const expiration =
    credentials.expiration === undefined ? null : formatUtcTime(credentials.expiration.getTime());
  if (json) {
    const summary = { account, arn: assumedRoleArn, sessionName, expiration, output: target.output };
    out.resultJson(summary);
    return;
  }
  const line = `assumed ${assumedRoleArn} until ${expiration ?? 'an unknown time'}; credentials in ${target.title}`;
  if (target.takesStdout) out.note(line);
  else out.result(line);
}

async function readPolicy(path: string, signal: AbortSignal): Promise<string> {
  const unreadable = (why: string, cause?: unknown): DeployMarkerError =>
    new DeployMarkerError('INPUT_UNREADABLE', `the session policy ${path} ${why}`, {
      hint: 'name a file that holds one JSON policy with --policy',
      cause,
    });
  const text = await readSmallFile(path, signal).catch((error: unknown) => {
    signal.throwIfAborted();
    throw unreadable(`cannot be read: ${describeFileFault(error, 'read')}`, error);
  });
  const { withoutMark } = await import('../../core/base/json-text.ts');
  let policy: string;
  try {
    policy = JSON.stringify(JSON.parse(withoutMark(text)));
  } catch {
    // The parser's message repeats the text, and the file may be another one than was meant.
    throw unreadable('is not JSON');
  }
  if (policy.length > POLICY_LIMITS.characters) {
    const { characters } = POLICY_LIMITS;
    throw unreadable(`has ${policy.length} characters without white space; STS takes at most ${characters}`);
  }
  return policy;
}

function toRepeatFlags(request: Omit<RoleRequest, 'repeat'>, flags: Flags, cwd: string): string[] {
  const pairs: [string, string | undefined][] = [
    ['--role-arn', request.roleArn],
    ['--session-name', request.sessionName],
    ['--duration', String(request.durationSeconds)],
    ['--region', request.region],
    ['--policy', flags.policy && resolve(cwd, flags.policy)],
    ...request.policyArns.map((arn): [string, string] => ['--policy-arn', arn]),
  ];
  return pairs.flatMap(([flag, value]) => (value === undefined ? [] : [`${flag}=${value}`]));
}
