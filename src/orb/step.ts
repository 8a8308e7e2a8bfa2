import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { isValue } from '../ci/env-value.ts';
import { readJobFacts } from '../commands/job-facts.ts';
import { formatUtcTime } from '../core/time/utc.ts';
import { DeployMarkerError } from '../errors/deploy-marker-error.ts';
import { toDeployMarkerError } from '../errors/render.ts';
import { awsRegionOf } from '../io/aws-config/files.ts';
import { makeFolder } from '../io/file/folder.ts';
import type { Env, Io, TextSink } from '../io/io.ts';
import { main } from '../main.ts';
import { updateRelease } from './circleci-release.ts';
import { type DeployTrace, noteBegin, noteParameters, readTrace } from './deploy-trace.ts';
import { needsRestart, readJobEnvironment, restart } from './job-environment.ts';
import { openJsonFile } from './json-file.ts';
import { readArguments } from './step-arguments.ts';
import { outputOf } from './step-output.ts';
import { substitute } from './substitution.ts';

/** What a step may do with its process. */
export interface StepIo extends Io {
  /** Makes this the environment of the process: libraries read it there. */
  adoptEnv(env: Env): void;
}

const SILENT: TextSink = { write: () => {} };

/** What a step may have as a variable and hands on as one, for others can read arguments. */
const SECRETS = { MARKER_ORB_STR_EXTERNAL_ID: 'DEPLOY_MARKER_EXTERNAL_ID' } as const;

function withEnv(io: StepIo, env: Env, stdout: TextSink): Io {
  io.adoptEnv(env);
  return {
    env,
    cwd: io.cwd,
    stdout,
    stderr: io.stderr,
    now: io.now,
    nodeVersion: io.nodeVersion,
    self: io.self,
    get stdin() {
      return io.stdin;
    },
    get terminal() {
      return io.terminal;
    },
    get signal() {
      return io.signal;
    },
  };
}

/** Without a status, the moment at which the step runs tells it. */
function deriveStatus(env: Env): Env {
  if (env['MARKER_ORB_COMMAND'] !== 'emit' || env['MARKER_ORB_PHASE'] === 'replay') return env;
  if (env['MARKER_ORB_STR_STATUS']) return env;
  const status = { on_success: 'success', on_fail: 'failed' }[env['MARKER_ORB_WHEN'] ?? ''];
  if (status !== undefined) return { ...env, MARKER_ORB_STR_STATUS: status };
  throw new DeployMarkerError(
    'USAGE',
    'a marker with when: always needs a status, since the job may have failed or not',
    { hint: 'pass status, or use emit twice, with when: on_success and with when: on_fail' },
  );
}

function givenOf(words: readonly string[], flag: string): string {
  const found = words.find(word => word.startsWith(`${flag}=`));
  return found === undefined ? '' : found.slice(flag.length + 1);
}

/** What is wrong with folders is found out before a deploy, where a red step does no harm. */
async function checkFolders(words: readonly string[], isReplay: boolean): Promise<void> {
  // A replay of nothing must not become a marker of its own.
  if (isReplay && givenOf(words, '--drain') === '')
    throw new DeployMarkerError('USAGE', 'spool is empty', { hint: 'name the folder to replay' });
  const spool = givenOf(words, '--spool');
  if (spool === '') return;
  try {
    await makeFolder(spool, 0o700);
    await access(`${spool}/.`, constants.W_OK);
  } catch (cause) {
    throw new DeployMarkerError('USAGE', `cannot write to the spool ${spool}`, {
      hint: 'name another folder',
      cause,
    });
  }
}

async function takeSecrets(env: Env, io: StepIo): Promise<Env> {
  const changed: Record<string, string | undefined> = { ...env };
  for (const [parameter, variable] of Object.entries(SECRETS)) {
    const text = await substitute(env[parameter] ?? '', variable, { ...io, env });
    if (isValue(text)) changed[variable] = text;
    delete changed[parameter];
  }
  return changed;
}

async function runCommand(env: Env, io: StepIo, startedAt: string): Promise<number> {
  const [command, phase, json] = ['COMMAND', 'PHASE', 'JSON'].map(name => env[`MARKER_ORB_${name}`] ?? '');
  const scene = { env, cwd: io.cwd, signal: io.signal };
  const own = await takeSecrets(deriveStatus(env), io);
  const words = await readArguments(command ?? '', own, (text, flag) => substitute(text, flag, scene));
  await checkFolders(words, phase === 'replay');
  const argv = [command ?? '', ...words];
  if (phase === 'check') return check(argv, own, io);
  if (startedAt !== '') argv.push(`--started-at=${startedAt}`);
  if (!isValue(json)) return main(argv, withEnv(io, own, io.stdout));
  const file = await openJsonFile(json);
  try {
    return await main([...argv, '--json'], withEnv(io, own, file));
  } finally {
    file.close();
  }
}

async function check(argv: readonly string[], env: Env, io: StepIo): Promise<number> {
  const code = await main([...argv, '--dry-run', '--quiet'], withEnv(io, env, SILENT));
  if (code === 0) outputOf(io).result('the deploy marker holds; nothing was sent');
  return code;
}

async function orWarn(io: StepIo, leave: Promise<void>): Promise<void> {
  await leave.catch(error => tell(io, error, 'warning'));
}

function tell(io: StepIo, error: unknown, severity: 'error' | 'warning'): DeployMarkerError {
  const known = toDeployMarkerError(error);
  outputOf(io).error(known, { json: false, severity });
  return known;
}

/** The marker of a phase that has begun, and CircleCI's own beside it, which is told whatever becomes of ours. */
async function runPhase(env: Env, io: StepIo, startedAt: string): Promise<number> {
  if (!['1', 'true'].includes(env['MARKER_ORB_RELEASE'] ?? '')) return runCommand(env, io, startedAt);
  const scene = {
    env,
    cwd: io.cwd,
    signal: io.signal,
    say: outputOf(io).result,
    warn: outputOf(io).note,
  };
  await updateRelease(scene).catch(error => tell(io, error, 'warning'));
  return runCommand(env, io, startedAt);
}

/** Whether a step of the deploy has assumed the same role once more. */
function isRenewed(env: Env, own: DeployTrace['env']): boolean {
  const { AWS_ACCESS_KEY_ID: key, AWS_CREDENTIAL_EXPIRATION: end = '', DEPLOY_MARKER_ROLE_ARN: role } = env;
  return (
    Boolean(key) && role === own['DEPLOY_MARKER_ROLE_ARN'] && end > (own['AWS_CREDENTIAL_EXPIRATION'] ?? '')
  );
}

/**
 * What the step is given, with what the first step of its deploy was given. The marker of the end goes with the credentials of that of
 * the beginning: what a step of the deploy has done to them, or put in their place, is no reason to lose it.
 */
function withTrace(env: Env, trace: DeployTrace | undefined): Env {
  const given = { ...trace?.parameters, ...env };
  const own = trace?.env ?? {};
  if (own['AWS_ACCESS_KEY_ID'] === undefined || isRenewed(env, own)) return given;
  return { ...given, AWS_PROFILE: undefined, ...own };
}

/** What the marker says where no parameter and no variable of ours does: the commit that is checked out, and the Region; empty if not known. */
async function factsOf(env: Env, { cwd, signal }: Io): Promise<Record<string, string>> {
  const isSilent = (name: string): boolean =>
    !isValue(env[`MARKER_ORB_STR_${name}`]) && !env[`DEPLOY_MARKER_${name}`];
  const job = await readJobFacts({ env, cwd, signal }, { needsCommit: isSilent('GIT_SHA'), warn: () => {} });
  const found = { GIT_SHA: job.sha, REGION: awsRegionOf(env) };
  const silent = Object.entries(found).filter(([name]) => isSilent(name));
  return Object.fromEntries(silent.map(([name, value]) => [`MARKER_ORB_STR_${name}`, value ?? '']));
}

interface Beginning extends Pick<DeployTrace, 'startedAt'> {
  /** What the marker is made of. */
  readonly given: Env;
  readonly trace: DeployTrace | undefined;
}

async function noteFacts(env: Env, { given, startedAt, trace }: Beginning, io: StepIo): Promise<void> {
  const facts = await factsOf(given, io);
  await noteBegin(env, env['MARKER_ORB_DEPLOY'] ?? '', { startedAt, facts }, trace);
}

/** A deploy is what it was when it began: a step of it may commit, check out something else, or turn to another Region. */
async function withFacts(env: Env, facts: DeployTrace['facts'], io: StepIo): Promise<Env> {
  const now = await factsOf(env, io);
  const changed = Object.entries(facts).filter(
    ([name, value]) => value !== '' && (now[name] ?? value) !== value,
  );
  return { ...env, ...Object.fromEntries(changed) };
}

async function runDeployStep(env: Env, io: StepIo, phase: string): Promise<number> {
  const deploy = env['MARKER_ORB_DEPLOY'] ?? '';
  const trace = await readTrace(env, deploy);
  if (phase === 'check') {
    const code = await runCommand(env, io, '');
    if (code === 0) await orWarn(io, noteParameters(env, deploy));
    return code;
  }
  const given = withTrace(env, trace);
  if (phase === 'begin') {
    const startedAt = formatUtcTime(Math.floor(io.now() / 1000) * 1000);
    await orWarn(io, noteFacts(env, { given, startedAt, trace }, io));
    return runPhase(given, io, startedAt);
  }
  // Something else in the job failed, perhaps before the tool was there, perhaps another deploy.
  if (phase === 'failed' && !trace?.begun) {
    outputOf(io).result('no marker: there is no trace that this deploy began');
    return 0;
  }
  return runPhase(await withFacts(given, trace?.facts ?? {}, io), io, trace?.startedAt ?? '');
}

async function run(io: StepIo): Promise<number> {
  const env = io.env['MARKER_ORB_READ'] ? io.env : await readJobEnvironment(io);
  if (needsRestart(env, io.env)) return restart(env, io);
  const phase = env['MARKER_ORB_PHASE'] ?? '';
  if (!['check', 'begin', 'failed', 'succeeded'].includes(phase)) return runCommand(env, io, '');
  return runDeployStep(env, io, phase);
}

/**
 * Runs one step of the orb, which comes as variables, and returns its exit code; the text of the step says by `on_error` what that
 * means for the job. Never throws.
 *
 *   MARKER_ORB_COMMAND   the tool's command, with MARKER_ORB_STR_X, _LIST_X and _BOOL_X as its flags
 *   MARKER_ORB_WHEN      when this step runs, from which emit derives a status that is not given
 *   MARKER_ORB_PHASE     check, begin, failed or succeeded in the steps of deploy, replay in those of replay, else empty; check keeps its
 *                        flags for the others
 *   MARKER_ORB_DEPLOY    tells the deploys of one job apart, in those steps
 *   MARKER_ORB_RELEASE   whether CircleCI's own deploy marker is kept in step
 *   MARKER_ORB_JSON      file for the result as JSON, in place of the log; only audit's step has it
 */
export async function runStep(io: StepIo): Promise<number> {
  try {
    return await run(io);
  } catch (caught) {
    return tell(io, caught, 'error').exitCode;
  }
}
