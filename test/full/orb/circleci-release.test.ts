import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { mintToken } from '../../fakes/oidc-token.ts';
import { type OrbScene, startOrbScene } from '../../orb/orb-scene.ts';

const works = { run: { name: 'works', command: 'true' } };
const fails = { run: { name: 'fails', command: 'false' } };
/** The steps that tell CircleCI beside what they emit. */
const RELEASE = 'Emit the deploy marker:';
/** What the job's id adds to a plan's name; after it comes the component's `cksum`. */
const JOB = '-7c0f8a52-aaaa-4bbb-8ccc-ddddeeeeffff';
const on = { circleci_release: true, role_arn: '' };
const releaseCalls = async (scene: OrbScene) => (await scene.calls()).filter(call => call[2] === 'release');

describe.concurrent('circleci_release', () => {
  test('plans a release and carries it to its end', async () => {
    const scene = await startOrbScene();
    const result = await scene.runDeployJob(scene.deploy({ ...on, steps: [works] }), {
      env: scene.credentials(),
    });
    expect(result).toMatchObject({ status: 'success' });
    expect(await scene.releases()).toEqual([
      [`deploy-prod-lambda-resize-image${JOB}-1180484572`, 'PENDING'],
      [`deploy-prod-lambda-resize-image${JOB}-1180484572`, 'RUNNING'],
      [`deploy-prod-lambda-resize-image${JOB}-1180484572`, 'SUCCESS'],
    ]);
    expect((await releaseCalls(scene))[0]?.slice(3)).toEqual([
      ...[
        'plan',
        `deploy-prod-lambda-resize-image${JOB}-1180484572`,
        '--environment-name=prod',
        '--component-name=resize-image',
      ],
      '--target-version=a1b2c3d',
    ]);
  });

  test('marks a failed deploy, each component by itself', async () => {
    const scene = await startOrbScene();
    const call = scene.deploy({
      ...on,
      component: 'lambda:a\nstack:$NAME',
      env: '$TARGET',
      target_version: 'v$V',
      steps: [fails],
    });
    const result = await scene.runDeployJob(call, {
      env: { ...scene.credentials(), NAME: 'b', TARGET: 'stage', V: '4.2' },
    });
    expect(result).toMatchObject({ status: 'failed' });
    expect((await scene.releases()).sort()).toEqual([
      ...['FAILED', 'PENDING', 'RUNNING'].map(status => [`deploy-stage-lambda-a${JOB}-4098488956`, status]),
      ...['FAILED', 'PENDING', 'RUNNING'].map(status => [`deploy-stage-stack-b${JOB}-4154243715`, status]),
    ]);
    expect((await releaseCalls(scene)).flat()).toContain('--target-version=v4.2');
    expect(scene.statuses()).toEqual(['running', 'running', 'failed', 'failed']);
  });

  test('is left alone unless it is asked for, and where the deploy did not begin', async () => {
    const scene = await startOrbScene();
    await scene.runDeployJob(scene.deploy({ steps: [works], role_arn: '' }), { env: scene.credentials() });
    expect(await releaseCalls(scene)).toEqual([]);
    const result = await scene.runDeployJob(scene.deploy({ circleci_release: true, steps: [works] }), {
      env: { CIRCLE_OIDC_TOKEN_V2: mintToken({ sub: 'somebody else' }) },
    });
    expect(result.step(`${RELEASE} failed`)).toMatchObject({ ran: true, code: 0 });
    expect(await releaseCalls(scene)).toEqual([]);
  });

  test.each([
    ['fails', { FAKE_CIRCLECI_FAIL: 'not in this plan' }, false],
    ['is not there', {}, true],
  ])('never fails the job where the program %s', async (_, env, removed) => {
    const scene = await startOrbScene();
    if (removed) await rm(join(scene.bin, 'circleci'));
    const own = { ...scene.credentials(), ...env };
    const result = await scene.runDeployJob(scene.deploy({ ...on, steps: [works] }), {
      env: own,
    });
    expect(result).toMatchObject({ status: 'success' });
    for (const status of ['running', 'success']) {
      const { code, stdout, stderr } = result.step(`${RELEASE} ${status}`);
      expect(code).toBe(0);
      expect(stdout + stderr).toMatch(/CircleCI's own deploy marker/);
    }
    expect(await scene.releases()).toEqual([]);
    expect(scene.statuses()).toEqual(['running', 'success']);
  });
});

test('the stub refuses what circleci run release refuses', async () => {
  const scene = await startOrbScene();
  const plan = 'circleci run release plan a --environment-name=prod --component-name=x';
  const step = (name: string, command: string) => ({ run: { name, command, when: 'always' } });
  const result = await scene.run([
    step('no version', plan),
    step('unknown flag', `${plan} --target-version=1 --status=RUNNING`),
    step('unplanned', 'circleci run release update a --status=RUNNING'),
    step('plan', `${plan} --target-version 1 --namespace=n`),
    step('planned', `${plan} --target-version=1`),
    step('status', 'circleci run release update a --status=DONE'),
    step('no status', 'circleci run release update a'),
    step('update', 'circleci run release update a --status=CANCELED --failure-reason="by hand"'),
    step('final', 'circleci run release update a --status=SUCCESS'),
  ]);
  expect(result.steps.map(({ name, code }) => [name, code])).toEqual([
    ...[
      ['no version', 1],
      ['unknown flag', 2],
      ['unplanned', 1],
      ['plan', 0],
      ['planned', 1],
    ],
    ...[
      ['status', 1],
      ['no status', 1],
      ['update', 0],
      ['final', 1],
    ],
  ]);
});
