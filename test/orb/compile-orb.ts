import { isJsonObject } from '../fakes/http-message.ts';
import { type Library, toMap, type YamlMap } from './packed-orb.ts';
import { bindParameters, Executor, holds, type References, substitute } from './parameter.ts';
import { DEFAULT_SHELL, type RunStep, Steps, toBuiltinStep, toEnvironment, toRunStep } from './run-step.ts';

export type { RunStep, When } from './run-step.ts';

/** A job that is ready to run. */
export interface Job {
  /** The executor's keys (`docker`, `machine`, `resource_class`, …), those of the job on top. */
  readonly executor: YamlMap;
  readonly environment: Readonly<Record<string, string>>;
  readonly steps: readonly RunStep[];
}

/** What is there besides the orb. */
export interface CompileOptions {
  /** The user's own commands, jobs and executors. */
  readonly config?: Library;
  /** Pipeline values by name without `pipeline.`; `parameters.x` for parameters. */
  readonly pipeline?: YamlMap;
  /** The key under which the user has the orb. Default `deploy-marker`. */
  readonly orbKey?: string;
}

interface Scope extends References {
  readonly library: Library;
  readonly orbs: Readonly<Record<string, Library>>;
  /** Shell of the steps that name none. */
  readonly shell: string;
}

const BUILTIN = new Set([
  ...[
    'checkout',
    'setup_remote_docker',
    'save_cache',
    'restore_cache',
    'store_artifacts',
    'store_test_results',
  ],
  ...['persist_to_workspace', 'attach_workspace', 'add_ssh_keys'],
]);
const JOB_KEYS = new Set(['steps', 'parameters', 'executor', 'environment', 'description', 'shell']);
/** What a workflow may say of a job that is no parameter of it. */
const CALL_KEYS = new Set(['name', 'requires', 'context', 'filters', 'matrix', 'type', 'serial-group']);

/** What `name` means in `scope`, and the scope that it was written in. */
function find(
  kind: keyof Library,
  name: string,
  scope: Scope,
): { definition: YamlMap; library: Library } | undefined {
  const [prefix = '', bare, ...more] = name.split('/');
  const library = bare === undefined ? scope.library : scope.orbs[prefix];
  const definition = more.length === 0 ? library?.[kind]?.[bare ?? name] : undefined;
  if (library === undefined || definition === undefined) return undefined;
  return { definition: toMap(definition, `${kind} ${name}`), library };
}

/** The scope of something that was called, with its own parameters. Orbs do not see pipeline values. */
function enter(
  { definition, library }: { definition: YamlMap; library: Library },
  given: YamlMap,
  caller: Scope,
): Scope {
  const home = library === caller.library ? caller : { ...caller, library, orbs: {}, pipeline: undefined };
  const outside = { ...home, parameters: undefined };
  const parameters = bindParameters(
    toMap(definition['parameters'] ?? {}, 'parameters'),
    given,
    (type, value) => readTyped(type, value, outside),
  );
  return { ...home, parameters };
}

function readTyped(type: unknown, value: unknown, scope: Scope): unknown {
  if (type === 'steps' && Array.isArray(value)) return new Steps(compileList(value, scope));
  if (type === 'executor' && (typeof value === 'string' || isJsonObject(value)))
    return findExecutor(value, scope);
  return value;
}

/** Arguments of a call: replaced in the caller's scope, steps and executors resolved there as well. */
function readArguments(written: unknown, declarations: unknown, scope: Scope): YamlMap {
  const declared = toMap(declarations ?? {}, 'parameters');
  const values = Object.entries(toMap(written ?? {}, 'arguments')).map(([name, value]): [string, unknown] => {
    const declaration = declared[name];
    const type = isJsonObject(declaration) ? declaration['type'] : undefined;
    if (type === 'steps' && Array.isArray(value)) return [name, readTyped(type, value, scope)];
    return [name, readTyped(type, substitute(value, scope), scope)];
  });
  return Object.fromEntries(values);
}

function findExecutor(value: unknown, scope: Scope): Executor {
  if (value instanceof Executor) return value;
  const { name, ...given } = toMap(typeof value === 'string' ? { name: value } : value, 'executor');
  const found = find('executors', String(name), scope);
  if (found === undefined) throw new Error(`no executor is named ${String(name)}`);
  const inside = enter(found, readArguments(given, found.definition['parameters'], scope), scope);
  const { parameters: _declarations, description: _text, ...rest } = found.definition;
  return new Executor(toMap(substitute(rest, inside), 'executor'));
}

function compileConditional(kind: 'when' | 'unless', value: unknown, scope: Scope): RunStep[] {
  const { condition, steps, ...unknown } = toMap(value, kind);
  if (condition === undefined || !Array.isArray(steps) || Object.keys(unknown).length > 0)
    throw new Error(`${kind} takes condition and steps: ${JSON.stringify(value)}`);
  // What is left out is compiled all the same, so that its faults are found.
  const compiled = compileList(steps, scope);
  return holds(substitute(condition, scope)) === (kind === 'when') ? compiled : [];
}

function compileStep(step: unknown, scope: Scope): RunStep[] {
  const [[name, value] = ['', undefined], ...others] =
    typeof step === 'string' ? [[step, undefined] as const] : Object.entries(toMap(step, 'a step'));
  if (name === '' || others.length > 0) throw new Error(`a step has one key: ${JSON.stringify(step)}`);
  if (name === 'when' || name === 'unless') return compileConditional(name, value, scope);
  if (name === 'run') return [toRunStep(substitute(value, scope), scope.shell)];
  if (name === 'steps') {
    const steps = substitute(value, scope);
    if (!(steps instanceof Steps))
      throw new Error(`steps: is for parameters of that type: ${JSON.stringify(value)}`);
    return [...steps.list];
  }
  const found = find('commands', name, scope);
  if (found !== undefined) {
    const given = readArguments(value, found.definition['parameters'], scope);
    return within(name, () => compileList(found.definition['steps'], enter(found, given, scope)));
  }
  if (!BUILTIN.has(name)) throw new Error(`no command is named ${name}`);
  return [toBuiltinStep(name, substitute(value, scope))];
}

function within<T>(name: string, compile: () => T): T {
  try {
    return compile();
  } catch (error) {
    throw new Error(`${name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function compileList(steps: unknown, scope: Scope): RunStep[] {
  if (!Array.isArray(steps)) throw new Error(`steps are a list, not ${JSON.stringify(steps)}`);
  return steps.flatMap(step => compileStep(step, scope));
}

function createUserScope(orb: Library, options: CompileOptions): Scope {
  return {
    library: options.config ?? {},
    orbs: { [options.orbKey ?? 'deploy-marker']: orb },
    parameters: undefined,
    pipeline: options.pipeline ?? {},
    shell: DEFAULT_SHELL,
  };
}

/** The steps of a user's job, with the orb's commands as `deploy-marker/NAME`. Refuses what CircleCI's compiler refuses. */
export function compileSteps(
  orb: Library,
  steps: readonly unknown[],
  options: CompileOptions = {},
): RunStep[] {
  return compileList(steps, createUserScope(orb, options));
}

/** A job as a workflow calls it, `deploy-marker/NAME` or one of `options.config`, with `pre-steps` and `post-steps`. */
export function compileJob(
  orb: Library,
  name: string,
  written: YamlMap = {},
  options: CompileOptions = {},
): Job {
  const user = createUserScope(orb, options);
  const found = find('jobs', name, user);
  if (found === undefined) throw new Error(`no job is named ${name}`);
  const { 'pre-steps': before = [], 'post-steps': after = [], ...call } = written;
  const given = Object.fromEntries(Object.entries(call).filter(([key]) => !CALL_KEYS.has(key)));
  const { definition } = found;
  return within(name, () => {
    const inside = enter(found, readArguments(given, definition['parameters'], user), user);
    const own = Object.fromEntries(Object.entries(definition).filter(([key]) => !JOB_KEYS.has(key)));
    const { executor } = definition;
    const base = executor === undefined ? {} : findExecutor(substitute(executor, inside), inside).definition;
    const { environment, shell, ...keys } = { ...base, ...toMap(substitute(own, inside), 'job') };
    const scope = {
      ...inside,
      shell: String(substitute(definition['shell'], inside) ?? shell ?? DEFAULT_SHELL),
    };
    return {
      executor: keys,
      environment: {
        ...toEnvironment(environment),
        ...toEnvironment(substitute(definition['environment'], inside)),
      },
      steps: [
        ...compileList(before, user),
        ...compileList(definition['steps'], scope),
        ...compileList(after, user),
      ],
    };
  });
}
