import { CREDENTIAL_VARIABLES } from '../commands/assume-role/variables.ts';
import { appendPrivately, readPrivately, replacePrivately, toBytes } from '../io/file/private.ts';
import type { Env } from '../io/io.ts';
import { hasBlock } from '../io/job/bash-env.ts';
import { toExportLine } from '../io/job/shell-variable.ts';

/** What the first steps of a deploy leave for those after it. */
export interface DeployTrace {
  /** Tells the deploys of one job apart. */
  readonly deploy: string;
  /** What the step that checked the marker was given, before any `$VARIABLE` was replaced. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly begun: boolean;
  /** What the first marker told that no parameter says: as such parameters. */
  readonly facts: Readonly<Record<string, string>>;
  /** UTC, whole seconds; empty until it has begun, or if that is not known. */
  readonly startedAt: string;
  /** What assume-role left in BASH_ENV, for the case that a step of the deploy writes that file anew. */
  readonly env: Readonly<Record<string, string>>;
}

const OUR_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/** Beside BASH_ENV, whose name CircleCI chooses for each job: what is in that file, a step of the deploy may lose. */
const traceFile = (bashEnv: string): string => `${bashEnv}.deploy-marker-begun`;

async function write(bashEnv: string, trace: DeployTrace): Promise<void> {
  await replacePrivately(traceFile(bashEnv), toBytes(JSON.stringify(trace)));
}

/**
 * Keeps the parameters of a deploy for its later steps, readable by us alone.
 *
 * @throws DeployMarkerError FILE_UNWRITABLE
 */
export async function noteParameters(env: Env, deploy: string): Promise<void> {
  const bashEnv = env['BASH_ENV'];
  if (!bashEnv) return;
  const entries = Object.entries(env).filter(
    (entry): entry is [string, string] =>
      /^MARKER_ORB_(?:RELEASE$|STR_|LIST_|BOOL_)/.test(entry[0]) && entry[1] !== '',
  );
  await write(bashEnv, {
    deploy,
    parameters: Object.fromEntries(entries),
    begun: false,
    facts: {},
    startedAt: '',
    env: {},
  });
}

async function credentialsIn(bashEnv: string, env: Env): Promise<Record<string, string>> {
  const file = await readPrivately(bashEnv).catch(() => undefined);
  if (file === undefined || !hasBlock(file.text)) return {};
  const entries = CREDENTIAL_VARIABLES.map(name => [name, env[name] ?? '']);
  return Object.fromEntries(entries.filter(([, value]) => value !== ''));
}

/**
 * Leaves a trace that a deploy began, readable by us alone, until the deploy's last step takes it back.
 *
 * @throws DeployMarkerError FILE_UNWRITABLE if there is nowhere to leave it
 */
export async function noteBegin(
  env: Env,
  deploy: string,
  { startedAt, facts }: Pick<DeployTrace, 'startedAt' | 'facts'>,
  trace: DeployTrace | undefined,
): Promise<void> {
  const bashEnv = env['BASH_ENV'];
  if (!bashEnv) return;
  const { parameters } = trace ?? { parameters: {} };
  await write(bashEnv, {
    deploy,
    parameters,
    begun: true,
    facts,
    startedAt,
    env: await credentialsIn(bashEnv, env),
  });
  const lines = { MARKER_ORB_STARTED_AT: startedAt, MARKER_ORB_BEGUN: deploy };
  await appendPrivately(
    bashEnv,
    Object.entries(lines)
      .map(([name, value]) => `${toExportLine(name, value)}\n`)
      .join(''),
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function textsOf(value: unknown): Record<string, string> {
  if (!isObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function parseTrace(text: string): DeployTrace | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'latin1').toString());
    if (!isObject(value)) return undefined;
    const { deploy, startedAt } = value;
    if (typeof deploy !== 'string' || typeof startedAt !== 'string') return undefined;
    const begun = value['begun'] === true;
    const [parameters, facts, env] = [value['parameters'], value['facts'], value['env']].map(textsOf);
    return { deploy, begun, startedAt, parameters: parameters ?? {}, facts: facts ?? {}, env: env ?? {} };
  } catch {
    return undefined;
  }
}

/** The trace of this deploy, out of the file beside BASH_ENV, or else of BASH_ENV; undefined if there is none. */
export async function readTrace(env: Env, deploy: string): Promise<DeployTrace | undefined> {
  const bashEnv = env['BASH_ENV'];
  const file = bashEnv ? await readPrivately(traceFile(bashEnv)).catch(() => undefined) : undefined;
  const kept = file === undefined ? undefined : parseTrace(file.text);
  if (kept?.deploy === deploy) return kept;
  if (env['MARKER_ORB_BEGUN'] !== deploy) return undefined;
  const startedAt = env['MARKER_ORB_STARTED_AT'] ?? '';
  // A step of the deploy may have written something else there; it began all the same.
  return {
    deploy,
    begun: true,
    startedAt: OUR_TIME.test(startedAt) ? startedAt : '',
    parameters: {},
    facts: {},
    env: {},
  };
}
