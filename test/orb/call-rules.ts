import { isJsonObject } from '../fakes/http-message.ts';
import {
  findPart,
  listOr,
  listSteps,
  mapOr,
  type Part,
  type Problem,
  type Scope,
  type Workflow,
} from './orb-parts.ts';
import type { YamlMap } from './packed-orb.ts';

// What a call may pass: https://circleci.com/docs/reference/reusing-config/#parameter-types

/** Where a call stands: what names mean there, and the parameters that it may hand on. */
interface Caller {
  readonly place: string;
  readonly scope: Scope;
  readonly parameters: YamlMap;
}

/** Steps that CircleCI itself knows: https://circleci.com/docs/reference/configuration-reference/#steps */
const BUILTIN = [
  ...['run', 'when', 'unless', 'steps', 'checkout', 'setup_remote_docker', 'save_cache', 'restore_cache'],
  ...['store_artifacts', 'store_test_results', 'persist_to_workspace', 'attach_workspace', 'add_ssh_keys'],
];
/** What a workflow may say of a job that is no parameter of it. */
const OF_WORKFLOW = [
  ...['name', 'requires', 'context', 'filters', 'matrix', 'type', 'serial-group', 'override-with'],
  ...['pre-steps', 'post-steps', 'max_auto_reruns'],
];
const WHOLE = /^<<\s*parameters\.([\w-]+)\s*>>$/;
const JOB_STATES = ['success', 'failed', 'canceled', 'unauthorized', 'not_run', 'terminal'];

const show = (value: unknown): string => JSON.stringify(value) ?? 'nothing';

const isOneOf = (values: unknown, value: unknown): boolean => listOr(values).includes(value);

const LITERALS: Readonly<Record<string, (value: unknown, declaration: YamlMap) => boolean>> = {
  string: value => typeof value === 'string',
  boolean: value => typeof value === 'boolean',
  integer: value => Number.isSafeInteger(value),
  enum: (value, { enum: values }) => isOneOf(values, value),
  env_var_name: value => typeof value === 'string' && /^[A-Za-z_][A-Za-z0-9_]*$/.test(value),
  steps: value => Array.isArray(value),
  executor: value => typeof value === 'string' || (isJsonObject(value) && typeof value['name'] === 'string'),
};

/** Whether what a parameter of one declaration holds always fits one of the other. */
function fits(from: YamlMap, to: YamlMap): boolean {
  if (to['type'] === 'enum')
    return listOr(from['enum']).length > 0 && listOr(from['enum']).every(value => isOneOf(to['enum'], value));
  if (to['type'] === 'string') return ['string', 'enum', 'env_var_name'].includes(String(from['type']));
  return from['type'] === to['type'];
}

function valueProblem(declaration: YamlMap, value: unknown, caller: Caller): string | undefined {
  const handed = typeof value === 'string' ? WHOLE.exec(value)?.[1] : undefined;
  // What is not declared is a matter of the references.
  if (handed !== undefined && !Object.hasOwn(caller.parameters, handed)) return undefined;
  const type = String(declaration['type']);
  if (handed !== undefined) {
    const from = mapOr(caller.parameters[handed]);
    return fits(from, declaration)
      ? undefined
      : `${handed} of type ${from['type']} does not always fit ${type}`;
  }
  // Pipeline and matrix values, and references within a text, are known only when it runs.
  if (typeof value === 'string' && /(?<!\\)<</.test(value) && (type !== 'string' || value.startsWith('<<')))
    return undefined;
  return LITERALS[type]?.(value, declaration) ? undefined : `${show(value)} is not of type ${type}`;
}

function callProblems(
  what: string,
  target: YamlMap | 'foreign' | undefined,
  given: YamlMap,
  caller: Caller,
): Problem[] {
  const problem = (message: string): Problem => ({
    code: 'CALL',
    file: caller.place,
    message: `${what}: ${message}`,
  });
  if (target === undefined) return [problem('there is no such thing')];
  if (target === 'foreign') return [];
  const declared = mapOr(target['parameters']);
  const passed = Object.entries(given).flatMap(([name, value]) => {
    if (!Object.hasOwn(declared, name)) return [problem(`${name} is passed but not declared`)];
    const wrong = valueProblem(mapOr(declared[name]), value, caller);
    return wrong === undefined ? [] : [problem(`${name}: ${wrong}`)];
  });
  const missing = Object.entries(declared)
    .filter(
      ([name, declaration]) => !Object.hasOwn(mapOr(declaration), 'default') && !Object.hasOwn(given, name),
    )
    .map(([name]) => problem(`${name} is required but not passed`));
  const executors = Object.entries(given)
    .filter(([name]) => mapOr(declared[name])['type'] === 'executor')
    .flatMap(([, value]) => executorProblems(value, caller));
  return [...passed, ...missing, ...executors];
}

function executorProblems(value: unknown, caller: Caller): Problem[] {
  const { name = value, ...given } = mapOr(value);
  if (typeof name !== 'string' || name.includes('<<')) return [];
  return callProblems(`executor ${name}`, findPart('executors', name, caller.scope), given, caller);
}

function stepProblems(steps: unknown, caller: Caller): Problem[] {
  return listSteps(steps).flatMap(({ kind, value, others }) => {
    const beside = others.map(key => ({
      code: 'CALL',
      file: caller.place,
      message: `${key} stands beside ${kind}, where nothing may`,
    }));
    if (BUILTIN.includes(kind)) return beside;
    return [...beside, ...callProblems(kind, findPart('commands', kind, caller.scope), mapOr(value), caller)];
  });
}

/** Declarations that are no type, or whose default is not of it. */
function declarationProblems({ place, parameters, scope }: Part): Problem[] {
  return Object.entries(parameters).flatMap(([name, value]) => {
    const declaration = mapOr(value);
    const type = String(declaration['type']);
    const problem = (message: string): Problem => ({
      code: 'TYPE',
      file: place,
      message: `${name}: ${message}`,
    });
    if (!Object.hasOwn(LITERALS, type)) return [problem(`${type} is no type`)];
    if (type === 'enum' && listOr(declaration['enum']).length === 0)
      return [problem('an enum without values')];
    if (type !== 'enum' && Object.hasOwn(declaration, 'enum'))
      return [problem(`values for the type ${type}`)];
    if (!Object.hasOwn(declaration, 'default')) return [];
    const standard = declaration['default'];
    if (/(?<!\\)<</.test(show(standard))) return [problem('its default refers to something')];
    if (!LITERALS[type]?.(standard, declaration))
      return [problem(`its default ${show(standard)} is not of type ${type}`)];
    const caller = { place, scope, parameters: {} };
    if (type === 'executor') return executorProblems(standard, caller);
    return type === 'steps' ? stepProblems(standard, caller) : [];
  });
}

/**
 * Parameters that are passed but not declared, required but not passed, or of the wrong type or value, and calls of
 * what does not exist: to commands, jobs and executors, in the orb and in its examples.
 *
 * CircleCI's published schema misses them.
 */
export function partCallProblems(part: Part): Problem[] {
  return [
    ...declarationProblems(part),
    ...stepProblems(part.definition['steps'], part),
    ...(part.kind === 'jobs' ? executorProblems(part.definition['executor'], part) : []),
  ];
}

function requireProblems(place: string, requires: unknown, names: readonly string[]): Problem[] {
  return listOr(requires).flatMap(entry => {
    const wanted = typeof entry === 'string' ? [[entry, []] as const] : Object.entries(mapOr(entry));
    return wanted.flatMap(([name, states]) => [
      ...(names.includes(name)
        ? []
        : [{ code: 'CALL', file: place, message: `requires ${name}, which is no job here` }]),
      ...[states]
        .flat()
        .filter(state => !JOB_STATES.includes(String(state)))
        .map(state => ({
          code: 'CALL',
          file: place,
          message: `requires ${name}: ${state} is no state of a job`,
        })),
    ]);
  });
}

/** {@link partCallProblems} of an example's workflow. */
export function workflowCallProblems({ place, definition, scope }: Workflow): Problem[] {
  const caller = { place, scope, parameters: {} };
  const calls = listOr(definition['jobs']).flatMap(job =>
    typeof job === 'string'
      ? [[job, {}] as const]
      : Object.entries(mapOr(job)).map(([name, given]) => [name, mapOr(given)] as const),
  );
  const names = calls.map(([name, given]) => String(given['name'] ?? name));
  return calls.flatMap(([name, given]) => {
    const matrix = mapOr(mapOr(given['matrix'])['parameters']);
    const own = Object.entries(given).filter(([key]) => !OF_WORKFLOW.includes(key));
    const passed = { ...Object.fromEntries(own), ...firstOfEach(matrix) };
    const target = findPart('jobs', name, scope);
    return [
      ...(given['type'] === 'approval' ? [] : callProblems(name, target, passed, caller)),
      ...['pre-steps', 'post-steps'].flatMap(key => stepProblems(given[key], caller)),
      ...Object.values(passed).flatMap(value => stepProblems(value, caller)),
      ...requireProblems(place, given['requires'], names),
    ];
  });
}

const firstOfEach = (matrix: YamlMap): YamlMap =>
  Object.fromEntries(Object.entries(matrix).map(([name, values]) => [name, listOr(values)[0]]));
