import { toMap, type YamlMap } from './packed-orb.ts';

/** When a step runs: while nothing failed, only after something did, or both. */
export type When = 'on_success' | 'on_fail' | 'always';

/** One step as a job gets it, after everything is resolved. */
export interface RunStep {
  readonly name: string;
  /** Empty for built-in steps. */
  readonly command: string;
  /** Words; the command follows as the argument of `-c`. */
  readonly shell: string;
  readonly when: When;
  readonly environment: Readonly<Record<string, string>>;
  readonly background: boolean;
  readonly maxAutoReruns: number;
  /** `checkout` and others that are CircleCI's own; undefined for `run`. */
  readonly builtin: string | undefined;
  /** What a built-in step was given. */
  readonly given: YamlMap;
}

/** What CircleCI takes on Linux where neither step nor job says it. */
export const DEFAULT_SHELL = 'bash -eo pipefail';

/** Steps that were compiled where they were written, so that a callee cannot change what they mean. */
export class Steps {
  readonly list: readonly RunStep[];
  constructor(list: readonly RunStep[]) {
    this.list = list;
  }
}

/** The last thing the compiler does to a text: what was escaped by packing is itself again. */
function unescapeText(text: string): string {
  return text.replaceAll('\\<<', '<<');
}

/** Keys of a `run` step. https://circleci.com/docs/reference/configuration-reference/#run */
export const RUN_KEYS: ReadonlySet<string> = new Set([
  ...[
    'name',
    'command',
    'shell',
    'environment',
    'background',
    'working_directory',
    'no_output_timeout',
    'when',
  ],
  ...['max_auto_reruns', 'auto_rerun_delay'],
]);

/** A value of `environment:` as the shell gets it. */
function toVariable([name, value]: [string, unknown]): [string, string] {
  if (typeof value === 'boolean') return [name, value ? '1' : '0'];
  if (typeof value === 'number' && (!Number.isInteger(value) || Math.abs(value) > 999_999))
    throw new Error(`${name}: CircleCI turns ${value} into exponent form; quote it`);
  if (typeof value !== 'string' && typeof value !== 'number' && value !== null)
    throw new Error(`${name}: ${JSON.stringify(value)} cannot be the value of a variable`);
  return [name, unescapeText(String(value ?? ''))];
}

/** Variables as the shell gets them: booleans as 1 and 0, integers in decimal. */
export function toEnvironment(value: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(toMap(value ?? {}, 'environment')).map(toVariable));
}

function toWhen(value: unknown): When {
  if (value === 'on_success' || value === 'on_fail' || value === 'always') return value;
  throw new Error(`when: ${JSON.stringify(value)} is none of on_success, on_fail and always`);
}

function readText(value: unknown, what: string): string {
  if (typeof value !== 'string' || value === '')
    throw new Error(`${what} is no text: ${JSON.stringify(value)}`);
  return unescapeText(value);
}

/** A `run` step, its references replaced already; `shell` is for a step that names none. */
export function toRunStep(value: unknown, shell: string): RunStep {
  const run = toMap(typeof value === 'string' ? { command: value } : value, 'run');
  for (const key of Object.keys(run)) if (!RUN_KEYS.has(key)) throw new Error(`run has no key ${key}`);
  const command = readText(run['command'], 'command');
  const reruns = run['max_auto_reruns'] ?? 0;
  if (typeof reruns !== 'number' || !Number.isInteger(reruns) || reruns < 0 || reruns > 5)
    throw new Error(`max_auto_reruns: ${JSON.stringify(reruns)}`);
  return {
    name: readText(run['name'] ?? command, 'name'),
    command,
    shell: readText(run['shell'] ?? shell, 'shell'),
    when: toWhen(run['when'] ?? 'on_success'),
    environment: toEnvironment(run['environment']),
    background: run['background'] === true,
    maxAutoReruns: reruns,
    builtin: undefined,
    given: {},
  };
}

/** They run in a failed job too: https://circleci.com/docs/reference/configuration-reference/#the-when-attribute */
const ALWAYS_RUN = ['store_artifacts', 'store_test_results'];

/** A step of CircleCI's own, its references replaced already. Of them, only `save_cache` takes `when`. */
export function toBuiltinStep(name: string, value: unknown): RunStep {
  const given = toMap(value ?? {}, name);
  const when = ALWAYS_RUN.includes(name) ? 'always' : toWhen(given['when'] ?? 'on_success');
  return {
    ...{ name, command: '', shell: '', when, environment: {} },
    ...{ background: false, maxAutoReruns: 0, builtin: name, given },
  } as const;
}
