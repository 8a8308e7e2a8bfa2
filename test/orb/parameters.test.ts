import { describe, expect, test } from 'vitest';
import { ASSUME_ROLE_FLAGS } from '../../src/commands/assume-role/assume-role.flags.ts';
import { AUDIT_FLAGS } from '../../src/commands/audit/audit.flags.ts';
import { EMIT_FLAGS } from '../../src/commands/emit/emit.flags.ts';
import { SESSION_NAME_FLAGS } from '../../src/commands/session-name.flags.ts';
import type { OptionTable } from '../../src/config/option.ts';
import { readPackedOrb, toMap, type YamlMap } from './packed-orb.ts';

const { commands = {}, jobs = {}, executors = {} } = await readPackedOrb();

const partOf = (parts: YamlMap, name: string): YamlMap => toMap(parts[name], name);
const parametersOf = (part: YamlMap): YamlMap => toMap(part['parameters'], 'parameters');
const toParameter = (flag: string): string => flag.replaceAll('-', '_');

/** What a step's environment must hold for a flag, so that `deploy_marker.sh` hands it on. */
function toVariable(flag: string, table: OptionTable): [string, string] {
  const sort = { boolean: 'BOOL', list: 'LIST', string: 'STR' }[table[flag]?.type ?? 'string'];
  const parameter = toParameter(flag);
  return [`MARKER_ORB_${sort}_${parameter.toUpperCase()}`, `<<parameters.${parameter}>>`];
}

const toList = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** The environment of every run step, those inside `when` included. */
function environments(value: unknown): YamlMap[] {
  if (Array.isArray(value)) return value.flatMap(environments);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'environment' ? [toMap(inner, key)] : environments(inner),
  );
}

// `session-name --check` is for scripts. In a job credentials go to BASH_ENV: a profile would ask for AWS_PROFILE in every step.
// `emit --explains` and `audit --write-baseline` are what a person does.
const FLAGS_LEFT_OUT = ['check', 'output', 'profile', 'force', 'explains', 'write-baseline', 'repeat-with'];

describe.each<[string, OptionTable, string[]]>([
  ['session_name', SESSION_NAME_FLAGS, ['install']],
  ['assume_role', ASSUME_ROLE_FLAGS, ['install', 'when']],
  ['emit', EMIT_FLAGS, ['install', 'phase', 'step_name', 'when']],
  ['audit', AUDIT_FLAGS, ['bucket', 'install', 'json', 'when']],
])('%s', (name, table, own) => {
  const command = partOf(commands, name);
  const parameters = parametersOf(command);
  const flags = Object.keys(table).filter(flag => !FLAGS_LEFT_OUT.includes(flag));

  test('has a parameter for every flag, and no other', () => {
    expect(Object.keys(parameters).sort()).toEqual([...flags.map(toParameter), ...own].sort());
  });

  test.each(flags)('%s is of the same type and has the same choices', flag => {
    const parameter = partOf(parameters, toParameter(flag));
    expect(parameter['type'] === 'boolean').toBe(table[flag]?.type === 'boolean');
    const choices = table[flag]?.choices;
    if (parameter['type'] === 'enum')
      expect(parameter['enum']).toEqual(expect.arrayContaining([...(choices ?? ['not an enum'])]));
    if (Array.isArray(parameter['enum']))
      expect(choices).toEqual(expect.arrayContaining(parameter['enum'].filter(choice => choice !== '')));
  });

  test('hands every parameter on', () => {
    const variables = environments(command['steps']).flatMap(Object.entries);
    // Which of the two steps is compiled is what `clear` says.
    const handed = flags.filter(flag => flag !== 'clear');
    expect(variables).toEqual(expect.arrayContaining(handed.map(flag => toVariable(flag, table))));
  });
});

test('the bucket of an audit is one of its sources of markers', () => {
  const [environment = {}] = environments(partOf(commands, 'audit')['steps']);
  expect(environment).toMatchObject({
    MARKER_ORB_LIST_MARKERS: '<<parameters.markers>>',
    MARKER_ORB_STR_MARKERS: '<<parameters.bucket>>',
  });
});

describe('replay', () => {
  const command = partOf(commands, 'replay');
  const parameters = parametersOf(command);
  const about = ['external-id', 'event-source', 'bucket', 'sink-role-arn', 'timeout'];
  const flags = [...about, 'max-attempts', 'max-rate', 'on-error'];

  test('has the parameters of a delivery, alike but for what happens to a marker', () => {
    expect(Object.keys(parameters).sort()).toEqual(
      [...flags.map(toParameter), 'install', 'spool', 'when'].sort(),
    );
    const emit = parametersOf(partOf(commands, 'emit'));
    const named = (each: unknown) => ({ ...toMap(each, 'a parameter'), description: undefined });
    for (const flag of flags.map(toParameter)) expect(named(parameters[flag])).toEqual(named(emit[flag]));
    expect(parameters['spool']).not.toHaveProperty('default');
  });

  test('hands every parameter on to emit, spool as drain', () => {
    const handed = [...flags.map(toParameter), 'install', 'when'].map(name => [
      name,
      `<<parameters.${name}>>`,
    ]);
    expect(toList(command['steps'])).toEqual([
      {
        emit: {
          ...{ phase: 'replay', step_name: expect.any(String), drain: '<<parameters.spool>>' },
          ...Object.fromEntries(handed),
        },
      },
    ]);
  });
});

describe('the spool', () => {
  const store = [{ store_artifacts: { path: '<<parameters.spool>>', destination: 'deploy-marker-spool' } }];

  // Inside deploy the one of deploy will do.
  test.each([
    ['emit', { and: ['<<parameters.spool>>', { not: '<<parameters.phase>>' }] }],
    ['deploy', '<<parameters.spool>>'],
  ])('is stored at the end of %s, if there is one', (name, condition) => {
    const steps = toList(partOf(commands, name)['steps']);
    expect(steps.at(-1)).toEqual({ when: { condition, steps: store } });
  });
});

describe('deploy', () => {
  const command = partOf(commands, 'deploy');
  const parameters = Object.keys(parametersOf(command));
  const phases = environments(command['steps']).filter(({ MARKER_ORB_PHASE: phase }) => phase !== undefined);

  test('emits four times, and says the rest once: the check keeps it for the others', () => {
    expect(phases.map(each => [each['MARKER_ORB_PHASE'], each['MARKER_ORB_STR_STATUS']])).toEqual([
      ['check', 'running'],
      ['begin', 'running'],
      ['failed', 'failed'],
      ['succeeded', 'success'],
    ]);
    for (const each of phases) {
      expect(each['MARKER_ORB_COMMAND']).toBe('emit');
      expect(each['MARKER_ORB_DEPLOY']).toBe('<<parameters.env>> <<parameters.component>>');
    }
    expect(phases.slice(1).map(each => Object.keys(each).length)).toEqual([5, 5, 5]);
  });

  test('hands every parameter of a marker to the check', () => {
    const decided = ['role_arn', 'on_error', 'session_name'];
    const flags = Object.keys(EMIT_FLAGS).filter(
      flag => parameters.includes(toParameter(flag)) && !decided.includes(toParameter(flag)),
    );
    expect(flags.length).toBeGreaterThan(20);
    expect(Object.entries(phases[0] ?? {})).toEqual(
      expect.arrayContaining([
        ...flags.map(flag => toVariable(flag, EMIT_FLAGS)),
        ['MARKER_ORB_RELEASE', '<<parameters.circleci_release>>'],
      ]),
    );
  });

  test('as a job has the same parameters, and hands them all on', () => {
    const job = partOf(jobs, 'deploy');
    const { executor, checkout, ...shared } = parametersOf(job);
    expect([executor, checkout]).not.toContain(undefined);
    expect(shared).toEqual(parametersOf(command));
    expect(job['steps']).toContainEqual({
      deploy: Object.fromEntries(parameters.map(name => [name, `<<parameters.${name}>>`])),
    });
  });
});

/** What is wrong with the text of a parameter: it is a sentence that says what it does, and what holds without it. */
function textProblem({ type, default: standard, description }: YamlMap): string | undefined {
  const text = String(description).trim();
  if (!/^[A-Z][a-z]+ \S.*\.$/.test(text) || /\. [^A-Z]|\n| {2}/.test(text)) return 'is no sentence';
  if (/Default,/.test(text)) return 'says Default, and not Default:';
  // A line break that folds to a blank, in the middle of a name.
  if (/\w- \w/.test(text)) return 'has a broken word';
  const isSilent = standard === '' && (type === 'string' || type === 'enum');
  return isSilent && !/ Default: \S| Needed\b/.test(text) ? 'names no default' : undefined;
}

describe('the description of a parameter', () => {
  const parts = [commands, jobs, executors].flatMap(section => Object.entries(section));

  test.each(parts)('in %s is a sentence and names what holds without it', (_name, part) => {
    const parameters = Object.entries(parametersOf(toMap(part, 'a part')));
    expect(parameters.length).toBeGreaterThan(0);
    const problems = parameters.map(([name, each]) => [name, textProblem(toMap(each, name))]);
    expect(problems.filter(([, problem]) => problem !== undefined)).toEqual([]);
  });

  test.each([
    ['Role to assume', 'is no sentence'],
    ['assume this role.', 'is no sentence'],
    ['Assume it, default, none. or so.', 'is no sentence'],
    ['Begin with it. Default, ci.', 'says Default, and not Default:'],
    ['Fail for conflicting- markers. Default: none.', 'has a broken word'],
    ['Assume this role.', 'names no default'],
    ['Assume this role. Default: none.', undefined],
    ['Assume this role. Needed unless clear is true.', undefined],
  ])('%j: %s', (description, problem) => {
    expect(textProblem({ type: 'string', default: '', description })).toBe(problem);
  });
});
