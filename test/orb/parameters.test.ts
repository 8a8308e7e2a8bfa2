import { describe, expect, test } from 'vitest';
import { ASSUME_ROLE_FLAGS } from '../../src/commands/assume-role.flags.ts';
import { EMIT_FLAGS } from '../../src/commands/emit.flags.ts';
import { SESSION_NAME_FLAGS } from '../../src/commands/session-name.flags.ts';
import type { OptionTable } from '../../src/config/option.ts';
import { readPackedOrb, toMap, type YamlMap } from './packed-orb.ts';

const { commands = {}, jobs = {} } = await readPackedOrb();

const partOf = (parts: YamlMap, name: string): YamlMap => toMap(parts[name], name);
const parametersOf = (part: YamlMap): YamlMap => toMap(part['parameters'], 'parameters');
const toParameter = (flag: string): string => flag.replaceAll('-', '_');

/** What a step's environment must hold for a flag, so that `deploy_marker.sh` hands it on. */
function toVariable(flag: string, table: OptionTable): [string, string] {
  const sort = { boolean: 'BOOL', list: 'LIST', string: 'STR' }[table[flag]?.type ?? 'string'];
  const parameter = toParameter(flag);
  return [`ORB_${sort}_${parameter.toUpperCase()}`, `<< parameters.${parameter} >>`];
}

/** The environment of every run step, those inside `when` included. */
function environments(value: unknown): YamlMap[] {
  if (Array.isArray(value)) return value.flatMap(environments);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'environment' ? [toMap(inner, key)] : environments(inner),
  );
}

// `session-name --check` is for scripts, and credentials in a job of CircleCI go to BASH_ENV or to a profile.
const FLAGS_LEFT_OUT = ['check'];
const CHOICES_LEFT_OUT = ['github-env', 'env', 'json', 'credential-process'];

describe.each<[string, OptionTable, string[]]>([
  ['session_name', SESSION_NAME_FLAGS, ['install']],
  ['assume_role', ASSUME_ROLE_FLAGS, ['install', 'when']],
  ['emit', EMIT_FLAGS, ['install', 'when']],
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
    const choices = table[flag]?.choices?.filter(choice => !CHOICES_LEFT_OUT.includes(choice));
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

describe('deploy', () => {
  const command = partOf(commands, 'deploy');
  const parameters = Object.keys(parametersOf(command));
  const markerSteps = environments(command['steps']).filter(step => step['ORB_COMMAND'] === 'emit');

  test('has three steps that emit, alike but for what tells them apart', () => {
    const common = markerSteps.map(step =>
      Object.entries(step).filter(
        ([key]) => !['ORB_PHASE', 'ORB_STR_STATUS', 'ORB_STR_ON_ERROR'].includes(key),
      ),
    );
    expect(common).toHaveLength(3);
    expect(common[1]).toEqual(common[0]);
    expect(common[2]).toEqual(common[0]);
  });

  test('hands every parameter of a marker to each of them', () => {
    const decided = ['role-arn', 'on-error', 'session-name'];
    const flags = Object.keys(EMIT_FLAGS).filter(
      flag => parameters.includes(toParameter(flag)) && !decided.includes(flag),
    );
    expect(flags.length).toBeGreaterThan(20);
    for (const step of markerSteps)
      expect(Object.entries(step)).toEqual(
        expect.arrayContaining(flags.map(flag => toVariable(flag, EMIT_FLAGS))),
      );
  });

  test('as a job has the same parameters, and hands them all on', () => {
    const job = partOf(jobs, 'deploy');
    const { executor, checkout, ...shared } = parametersOf(job);
    expect([executor, checkout]).not.toContain(undefined);
    expect(shared).toEqual(parametersOf(command));
    expect(job['steps']).toContainEqual({
      deploy: Object.fromEntries(parameters.map(name => [name, `<< parameters.${name} >>`])),
    });
  });
});
