import { spawnSync } from 'node:child_process';
import { isJsonObject } from '../fakes/http-message.ts';
import { listOr, listSteps, mapOr, type Part, type Problem } from './orb-parts.ts';
import type { YamlMap } from './packed-orb.ts';
import { RUN_KEYS } from './run-step.ts';

// Keys: https://circleci.com/docs/reference/configuration-reference/ and /reusing-config/
const ORB_KEYS = ['version', 'description', 'display', 'orbs', 'commands', 'jobs', 'executors', 'examples'];
const PARAMETER_KEYS = ['type', 'description', 'default', 'enum'];
const MACHINE_KEYS = [
  'docker',
  'machine',
  'macos',
  'resource_class',
  'shell',
  'working_directory',
  'environment',
];
const PART_KEYS = {
  commands: ['description', 'parameters', 'steps'],
  executors: ['description', 'parameters', ...MACHINE_KEYS],
  jobs: [
    ...[
      'description',
      'parameters',
      'steps',
      'executor',
      'parallelism',
      'circleci_ip_ranges',
      'retention',
      'type',
    ],
    ...MACHINE_KEYS,
  ],
};
const USAGE_KEYS = ['version', 'setup', 'orbs', 'commands', 'jobs', 'executors', 'parameters', 'workflows'];
const WITHOUT_WHEN = [
  ...['checkout', 'setup_remote_docker', 'restore_cache', 'attach_workspace'],
  ...['store_artifacts', 'store_test_results'],
];
const WHENS = ['on_success', 'on_fail', 'always'];
// One argument of a process, with its final NUL: MAX_ARG_STRLEN of Linux, 32 pages (execve(2)).
const MAX_ARGUMENT = 128 * 1024;
// CircleCI's compiler writes an integer of more digits with an exponent (set-environment-variable of its docs).
const MAX_INTEGER = 999_999;

const unknownKeys = (code: string, file: string, value: unknown, known: readonly string[]): Problem[] =>
  Object.keys(mapOr(value))
    .filter(key => !known.includes(key))
    .map(key => ({ code, file, message: `${key} is no key here` }));

/** Keys of the orb and its examples that CircleCI does not know; its published schema misses them. */
export function orbKeyProblems(orb: YamlMap): Problem[] {
  return [
    ...unknownKeys('KEY', 'the orb', orb, ORB_KEYS),
    ...unknownKeys('KEY', 'display', orb['display'], ['home_url', 'source_url']),
    ...Object.entries(mapOr(orb['examples'])).flatMap(([name, example]) => [
      ...unknownKeys('KEY', `examples.${name}`, example, ['description', 'usage']),
      ...unknownKeys('KEY', `examples.${name}`, mapOr(example)['usage'], USAGE_KEYS),
    ]),
  ];
}

/** Keys that CircleCI does not know in a part, its parameters and its steps; its published schema misses those of `run`. */
export function partKeyProblems({ place, kind, definition, parameters }: Part): Problem[] {
  return [
    ...unknownKeys('KEY', place, definition, PART_KEYS[kind]),
    ...Object.values(parameters).flatMap(value => unknownKeys('KEY', place, value, PARAMETER_KEYS)),
    ...listSteps(definition['steps']).flatMap(({ kind: step, value }) => {
      if (step === 'run') return unknownKeys('KEY', place, value, [...RUN_KEYS]);
      if (step === 'when' || step === 'unless')
        return unknownKeys('KEY', place, value, ['condition', 'steps']);
      // `when` works on run steps only (https://circleci.com/docs/reference/configuration-reference/#the-when-attribute).
      const isBuiltin = WITHOUT_WHEN.includes(step);
      return isBuiltin && 'when' in mapOr(value)
        ? [{ code: 'WHEN', file: place, message: `when on ${step}` }]
        : [];
    }),
  ];
}

function isWhen(value: unknown, parameters: YamlMap): boolean {
  if (value === undefined || WHENS.includes(String(value))) return true;
  const name = /^<<\s*parameters\.([\w-]+)\s*>>$/.exec(String(value))?.[1] ?? '';
  const values = listOr(mapOr(parameters[name])['enum']);
  return values.length > 0 && values.every(entry => WHENS.includes(String(entry)));
}

function environmentProblems(environment: unknown): string[] {
  return Object.entries(mapOr(environment)).flatMap(([name, value]) => {
    if (!/^[A-Za-z_]\w*$/.test(name)) return [`${name} is no name of a variable`];
    if (isJsonObject(value) || Array.isArray(value)) return [`${name} is no text`];
    const isChanged =
      typeof value === 'number' && !(Number.isInteger(value) && Math.abs(value) <= MAX_INTEGER);
    return isChanged ? [`${name}: quote ${value}, or its digits are changed`] : [];
  });
}

/** Why a text must not be run as a script with `shell`. */
function scriptProblems(command: string, shell: string): string[] {
  const text = command.replaceAll('\\<<', '<<');
  const [program = ''] = shell.split(' ');
  const check = spawnSync(program, ['-n', '-c', text], { encoding: 'utf8' });
  const code = text.split('\n').filter(line => !/^\s*#/.test(line));
  return [
    ...(/(?<!\\)<<\s*(?:parameters|pipeline|matrix)\b/.test(command)
      ? ['a parameter is pasted into shell text']
      : []),
    ...(/(?<!\\)<<\s*include\b/.test(command) ? ['an include is left'] : []),
    ...(Buffer.byteLength(text) >= MAX_ARGUMENT ? ['the script is longer than one argument can be'] : []),
    ...(code.some(line => /\beval\b/.test(line)) ? ['the script uses eval'] : []),
    ...(check.status === 0 ? [] : [`${program} -n: ${check.error?.message ?? check.stderr.trim()}`]),
  ];
}

/** Its shell reads no BASH_ENV: what a step of the deploy wrote there must not end ours before their first line. */
const OUR_SHELL = 'sh -e';

/** What a step may say itself; the rest ships in the package, whose checksum install has proved. */
const MAX_LINES = 20;

/**
 * What the run steps of an orb of ours must keep to: a name, `when` of a known value, the shell that every executor has, and a
 * script that parses, holds no parameter and, but for install's, is short.
 */
export function runProblems({ place, definition, parameters }: Part): Problem[] {
  const most = place === 'commands.install' ? Number.POSITIVE_INFINITY : MAX_LINES;
  return listSteps(definition['steps'])
    .filter(({ kind }) => kind === 'run')
    .flatMap(({ value }) => {
      const run = mapOr(value);
      const command = typeof run['command'] === 'string' ? run['command'] : '';
      const of = (code: string, messages: readonly string[]): Problem[] =>
        messages.map(message => ({ code, file: place, message: `${run['name']}: ${message}` }));
      return [
        ...of(
          'NAME',
          typeof run['name'] === 'string' && run['name'].trim() !== '' ? [] : ['a run step without name'],
        ),
        ...of('WHEN', isWhen(run['when'], parameters) ? [] : [`when: ${run['when']}`]),
        ...of('SHELL', run['shell'] === OUR_SHELL ? [] : [`shell is ${run['shell']}, not ${OUR_SHELL}`]),
        ...of('ENVIRONMENT', environmentProblems(run['environment'])),
        ...of(
          'SCRIPT',
          command.trimEnd().split('\n').length > most ? [`the script has more than ${most} lines`] : [],
        ),
        ...of('SCRIPT', command === '' ? ['there is no command'] : scriptProblems(command, OUR_SHELL)),
      ];
    });
}
