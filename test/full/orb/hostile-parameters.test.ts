// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are shell.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readArguments } from '../../../src/orb/step-arguments.ts';
import { tellStory, writeStory } from '../../cli/trail/trail-scene.ts';
import { substituteVariables } from '../../fakes/env-subst.mjs';
import { compileSteps } from '../../orb/compile-orb.ts';
import {
  EDGES,
  expectHarmless,
  expectOurError,
  given,
  RECORDER,
  readCalls,
  repeat,
  roundsFor,
  spread,
  stringParametersOf,
  WORST,
  whateverHappens,
} from '../../orb/hostile-values.ts';
import { COMPONENT, type OrbScene, type SceneOptions, STEP, startOrbScene } from '../../orb/orb-scene.ts';
import type { RunStep } from '../../orb/run-step.ts';

const UTF_8 = { LC_ALL: 'C.UTF-8' };
/** Fields of a marker that hold any text. */
const TEXTS = ['reason', 'approved_by', 'target_version', 'workflow', 'job', 'deploy_id', 'actor'];
/** What makes a parameter count. */
const NEEDS: Readonly<Record<string, object>> = {
  ...{ from: { env: '', component: '' }, file: { sink: 'lake' }, profile: { output: 'profile' } },
};
/** The variables that a command leaves for later steps. */
const LEFT: Readonly<Record<string, RegExp>> = {
  session_name: /^ROLE_SESSION_NAME$/,
  assume_role: /^(AWS|DEPLOY_MARKER)_|^ROLE_SESSION_NAME$/,
};

/** The steps of one call, without those of install. */
function compileCall(scene: OrbScene, command: string, parameters: object): RunStep[] {
  const steps = compileSteps(scene.orb, [{ [`deploy-marker/${command}`]: parameters }]);
  return steps.filter(({ name }) => name !== STEP.install);
}

/** The arguments that a step makes of its variables. */
function argumentsOf({ environment }: RunStep, env: Readonly<Record<string, string>>): string[] {
  const words = Object.entries(environment).flatMap(([variable, value]) => {
    const [, sort, name = ''] = /^MARKER_ORB_(STR|LIST|BOOL)_(.*)$/.exec(variable) ?? [];
    const flag = `--${name.toLowerCase().replaceAll('_', '-')}`;
    if (sort === 'BOOL') return value === '1' ? [flag] : [];
    // The name of a variable is taken as it is, so that its value, a secret, never becomes an argument.
    const text = sort === undefined ? '' : given(value, name === 'NOTIFY_SLACK_ENV' ? undefined : env);
    const lines = sort === 'LIST' ? text.split('\n') : [text];
    // A list has no line of blanks alone; a text may be one.
    const kept = sort === 'LIST' ? lines.filter(line => line.trim() !== '') : lines.filter(Boolean);
    return kept.map(line => `${flag}=${line}`);
  });
  return [environment['MARKER_ORB_COMMAND'] ?? '', ...words.sort()];
}

describe.concurrent('every string parameter', () => {
  test.each<[string, typeof roundsFor, Pick<SceneOptions, 'env' | 'nounset'>, object]>([
    ['session_name', roundsFor, {}, {}],
    ['assume_role', roundsFor, { nounset: true }, {}],
    ['emit', roundsFor, {}, { status: 'success' }],
    ['audit', roundsFor, { nounset: true }, {}],
    ['deploy', () => 1, { nounset: true, env: { LC_ALL: 'C' } }, { steps: [{ run: 'true' }] }],
  ])('of %s is one argument of its flag, exactly as it is', async (command, rounds, options, more) => {
    const scene = await startOrbScene();
    const names = stringParametersOf(scene.orb, command);
    expect(names.length).toBeGreaterThan(5);
    const env = { ...UTF_8, ...options.env };
    await scene.install('deploy-marker', RECORDER);
    const steps = Array.from({ length: rounds(names) }, (_, round) => {
      const values = spread(names, round);
      const compiled = compileCall(scene, command, { ...values, ...more });
      // What is not in the environment of any step cannot be found missing below.
      const variables = compiled.flatMap(step => Object.values(step.environment));
      expect(variables).toEqual(expect.arrayContaining(Object.values(values)));
      return whateverHappens(compiled);
    }).flat();
    const calls = join(scene.cwd, 'calls');
    const job = await scene.runCompiled(steps, { ...options, env: { ...env, CALLS: calls } });
    expect(job).toMatchObject({ status: 'success' });
    await expectHarmless(scene, job);
    // What a step is given stays a variable until it is inside of the tool, where nobody else can read it.
    expect(new Set((await readCalls(calls)).map(words => words.join(' ')))).toEqual(
      new Set(command === 'deploy' ? ['orb-step', 'assume-role --clear'] : ['orb-step']),
    );

    for (const step of steps.filter(({ environment }) => environment['MARKER_ORB_COMMAND'])) {
      const all = { ...scene.env(), ...env, ...step.environment };
      const words = await readArguments(String(step.environment['MARKER_ORB_COMMAND']), all, async text =>
        substituteVariables(text, all),
      );
      const mayBeEmpty = words.filter(word => !/^--[-a-z]+=$/.test(word));
      expect([step.environment['MARKER_ORB_COMMAND'], ...mayBeEmpty.sort()]).toEqual(argumentsOf(step, all));
    }
  });
});

describe.concurrent('the tool', () => {
  test.each([0, 1])('stores every text of a marker exactly as it was given, half %i', async half => {
    const scene = await startOrbScene();
    const env = { ...UTF_8, ...scene.credentials() };
    const some = Array.from({ length: roundsFor(TEXTS) }, (_, round) => spread(TEXTS, round));
    const mine = [...some, repeat(TEXTS, EDGES)].filter((_, round) => round % 2 === half);
    const all = mine.map(({ actor = '', ...values }) => ({
      // It becomes the principal of the audit event, which has at most 1,024 characters.
      ...{ ...values, actor: actor.slice(0, 1024) },
    }));
    const job = await scene.run(
      all.map((texts, round) => scene.emit({ ...texts, install: false, idempotency_key: `${round}` })),
      { env },
    );
    expect(job).toMatchObject({ status: 'success' });
    await expectHarmless(scene, job);
    const usual: Readonly<Record<string, string>> = { actor: 'circleci', job: 'sam-deploy' };
    const markers = scene.markers().map(marker => TEXTS.map(name => [name, marker[name]]));
    expect(markers).toEqual(
      all.map((values: Readonly<Record<string, string>>) =>
        TEXTS.map(name => [name, given(values[name] ?? '', { ...scene.env(), ...env }) || usual[name]]),
      ),
    );
  });

  test('stores labels of every text that is one line, their ends trimmed as in any list', async () => {
    const scene = await startOrbScene();
    const keys = Array.from({ length: roundsFor(['one']) }, (_, index) => `k${index}`);
    const lines = Object.entries(spread(keys, 0)).filter(([, text]) => !/[\n\r]/.test(text));
    const label = [...lines, ['__proto__', 'own']].map(([key, text]) => `${key}=${text}`).join('\n');
    // As the value of a variable, in which no other variables are looked for.
    const env = { ...UTF_8, ...scene.credentials(), LABEL: label };
    const job = await scene.run([scene.emit({ label: '$LABEL' })], { env });
    expect(job).toMatchObject({ status: 'success' });
    await expectHarmless(scene, job);
    const labels = Object.entries(scene.markers()[0] ?? {}).filter(([key]) => key.startsWith('label.'));
    expect(labels).toEqual([
      ...lines.map(([key, text]) => [`label.${key}`, text.trimEnd()]),
      ['label.__proto__', 'own'],
    ]);
  });

  test.each([
    ['session_name', { env: 'prod' }],
    ['assume_role', { env: 'prod' }],
    ['emit', { env: 'prod', component: COMPONENT, status: 'success' }],
    ['audit', { markers: './markers.jsonl', changes: './logs' }],
  ])('takes the worst as each parameter of %s, or refuses it in three lines', async (command, usual) => {
    const scene = await startOrbScene();
    const texts = command === 'emit' ? TEXTS : [];
    const names = stringParametersOf(scene.orb, command).filter(name => !texts.includes(name));
    const { role_arn, channel_arn } = scene.deploy();
    const others = { ...usual, ...{ assume_role: { role_arn }, emit: { channel_arn } }[command] };
    const steps = names.map(name =>
      compileCall(scene, command, { ...others, ...NEEDS[name], [name]: WORST }),
    );
    await writeStory(scene.cwd, tellStory());
    const env = { ...UTF_8, ...(command === 'emit' || command === 'audit' ? scene.credentials() : {}) };
    const job = await scene.runCompiled(whateverHappens(steps.flat()), { env });
    await expectHarmless(scene, job);
    const refused = job.steps.filter(({ code }) => code !== 0);
    for (const step of refused) expectOurError(step);
    expect(refused.length).toBeGreaterThan(job.steps.length / 2);
    // Of what was refused nothing is left for later steps.
    const { BASH_ENV, PWD, OLDPWD, SHLVL, _, ...after } = await job.environment();
    expect(after).toMatchObject({ ...scene.env(), ...env });
    const left = Object.keys(after).filter(name => !(name in scene.env()) && !(name in env));
    expect(left.filter(name => !LEFT[command]?.test(name))).toEqual([]);
  });

  test('writes to a file of any name, and says so in one line', async () => {
    const scene = await startOrbScene();
    const call = { file: WORST, sink: 'file', account: '123456789012', channel_arn: '' };
    const job = await scene.run([scene.emit(call)], { env: UTF_8 });
    expect(job).toMatchObject({ status: 'success' });
    expect(JSON.parse(await readFile(join(scene.cwd, WORST), 'utf8'))).toMatchObject({
      component: COMPONENT,
    });
    expect(job.step(STEP.emit).stdout).toMatch(/^[^\n]+\n$/);
    await expectHarmless(scene, job);
  });

  test('does nothing where braces are open', async () => {
    const scene = await startOrbScene();
    const commands = ['session_name', 'assume_role', 'emit'];
    const steps = commands.flatMap(command => compileCall(scene, command, { env: 'prod', job: '${LANG' }));
    const job = await scene.runCompiled(whateverHappens(steps), { env: UTF_8 });
    for (const step of job.steps) {
      expect(expectOurError(step)).toBe('USAGE');
      expect(step.stderr).toContain('--job');
    }
    expect(scene.server.requests).toEqual([]);
    await expectHarmless(scene, job);
  });
});
