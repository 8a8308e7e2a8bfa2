// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are shell.
import { rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SHA } from '../../cli/emit/scene.ts';
import { listLogMessages } from '../../fakes/logs/logs-state.ts';
import { mintToken } from '../../fakes/oidc-token.ts';
import { compileJob } from '../../orb/compile-orb.ts';
import { COMPONENT, type OrbScene, type SceneOptions, STEP, startOrbScene } from '../../orb/orb-scene.ts';
import { toMap, type YamlMap } from '../../orb/packed-orb.ts';

const run = (name: string, command = 'true') => ({ run: { name, command } });
const deploy = (scene: OrbScene, more: YamlMap) => ({ 'deploy-marker/deploy': scene.deploy(more) });
const fails = run('fails', 'exit 9');
const works = run('works');
/** The step of the example for cancelled deploys. */
const DEPLOYS =
  'aws cloudformation deploy --stack-name images --template-file packaged.yml --no-fail-on-empty-changeset';

/** Refuses all markers as soon as the step `name` is done. */
function refuseAfter(scene: OrbScene, name: string) {
  return {
    onStep: (step: { name: string }) => {
      if (step.name === name)
        scene.server.faults.add('PutAuditEvents', { kind: 'denied' }, Number.POSITIVE_INFINITY);
    },
  };
}

const refuseAll = (scene: OrbScene) =>
  scene.server.faults.add('PutAuditEvents', { kind: 'denied' }, Number.POSITIVE_INFINITY);

async function checkNothingLeft(scene: OrbScene, name = 'after'): Promise<void> {
  const left = Object.keys((await scene.seen(name)) ?? { none: '' });
  expect(
    left.filter(key => /^(AWS_(ACCESS|SECRET|SESSION)|DEPLOY_MARKER_|ROLE_SESSION|none)/.test(key)),
  ).toEqual([]);
}

describe.concurrent('no deploy, no marker', () => {
  test.each([
    ['the checkout fails', { failing: ['checkout'] }, ['checkout', STEP.failed, STEP.clear, 'after']],
    [
      'the role is refused',
      { env: { CIRCLE_OIDC_TOKEN_V2: mintToken({ sub: 'somebody else' }) } },
      ['checkout', STEP.install, STEP.check, STEP.session, STEP.assume, STEP.failed, STEP.clear, 'after'],
    ],
    [
      'the marker would not hold',
      { env: { CIRCLE_SHA1: 'no commit' } },
      ['checkout', STEP.install, STEP.check, STEP.failed, STEP.clear, 'after'],
    ],
  ])('where %s', async (_, options, ran) => {
    const scene = await startOrbScene();
    const call = { ...scene.deploy({ steps: [works] }), 'post-steps': [scene.look('after')] };
    const result = await scene.runDeployJob(call, options);
    expect(result).toMatchObject({ status: 'failed', ran });
    expect(result.step(STEP.failed)).toMatchObject({
      ...{ code: 0, stdout: 'no marker: there is no trace that this deploy began\n', stderr: '' },
    });
    expect(scene.statuses()).toEqual([]);
    await checkNothingLeft(scene);
  });

  test('where an earlier step of the job failed, even before the tool was there', async () => {
    const scene = await startOrbScene();
    await rm(join(scene.bin, 'deploy-marker'));
    const result = await scene.run([fails, deploy(scene, { steps: [works] })]);
    expect(result).toMatchObject({ status: 'failed', ran: ['fails', STEP.failed, STEP.clear] });
    expect(result.step(STEP.failed)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('no trace that this deploy began'),
      stderr: '',
    });
    expect(result.step(STEP.clear)).toMatchObject({ code: 0 });
    expect(scene.statuses()).toEqual([]);
  });
});

describe.concurrent('a deploy that fails', () => {
  test('is recorded as running, then failed, and the job fails', async () => {
    const scene = await startOrbScene();
    const call = {
      ...scene.deploy({ steps: [works, fails, run('never')] }),
      'post-steps': [scene.look('after')],
    };
    const result = await scene.runDeployJob(call);
    expect(result).toMatchObject({ status: 'failed' });
    expect(result.ran.slice(-5)).toEqual(['works', 'fails', STEP.failed, STEP.clear, 'after']);
    expect(result.step(STEP.failed).stdout).toMatch(/^stored in lake: [^\n]+\n$/);
    const [running, failed] = scene.markers();
    expect(scene.statuses()).toEqual(['running', 'failed']);
    expect(failed).toMatchObject({ deploy_id: running?.['deploy_id'], started_at: running?.['started_at'] });
    expect(failed).toHaveProperty('deployed_at');
    await checkNothingLeft(scene);
  });

  test('fails the job the same when its marker cannot be delivered', async () => {
    const scene = await startOrbScene();
    const result = await scene.runDeployJob(scene.deploy({ role_arn: '', steps: [fails] }), {
      ...refuseAfter(scene, 'fails'),
      env: scene.credentials(),
    });
    expect(result).toMatchObject({ status: 'failed' });
    expect(result.step(STEP.failed)).toMatchObject({ code: 0, stderr: expect.stringContaining('warning: ') });
    expect(scene.statuses()).toEqual(['running']);
  });
});

describe.concurrent('a deploy that worked', () => {
  test.each([
    ['by default', 'success', {}],
    ['with on_error fail', 'failed', { on_error: 'fail' }],
  ])(
    'never becomes a failed one because its marker cannot be delivered; the job, %s, is a %s',
    async (_, status, more) => {
      const scene = await startOrbScene();
      const steps = [deploy(scene, { steps: [works], ...more }), scene.look('after')];
      const result = await scene.run(steps, refuseAfter(scene, 'works'));
      expect(result).toMatchObject({ status });
      expect(result.ran).toContain(STEP.success);
      expect(result.ran).not.toContain(STEP.failed);
      expect(scene.statuses()).toEqual(['running']);
      expect(scene.server.requests.some(({ bodyText }) => bodyText.includes('failed'))).toBe(false);
      await checkNothingLeft(scene);
    },
  );

  test('neither blocks nor fails the job by the defaults of the job deploy', async () => {
    const { orb, deploy: parameters } = await startOrbScene();
    const { steps } = compileJob(orb, 'deploy-marker/deploy', parameters({ steps: [] }));
    const emits = steps.filter(step => step.environment['MARKER_ORB_COMMAND'] === 'emit');
    // The first is the check, which stops the job before there is a deploy.
    expect(emits.map(({ environment }) => environment['MARKER_ORB_STR_ON_ERROR'])).toEqual([
      undefined,
      'warn',
      'warn',
      'warn',
    ]);
  });

  test('takes place though its first marker is refused, and is recorded in the end', async () => {
    const scene = await startOrbScene();
    refuseAll(scene);
    const result = await scene.runDeployJob(
      scene.deploy({ role_arn: '', steps: [works], on_error: 'fail' }),
      {
        env: scene.credentials(),
        onStep: ({ name }) => {
          if (name === 'works') scene.server.faults.clear();
        },
      },
    );
    expect(result).toMatchObject({ status: 'success' });
    expect(result.step(STEP.running)).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('warning: '),
    });
    expect(scene.statuses()).toEqual(['success']);
    expect(scene.markers()[0]).toHaveProperty('started_at');
  });

  test.each([
    ['commits', 'git init -q . && git -c user.name=x -c user.email=x@y commit -q --allow-empty -m release'],
    ['turns to another Region', `echo 'export AWS_REGION=us-east-1' >>"$BASH_ENV"`],
    ['turns to none', `echo 'unset AWS_REGION' >>"$BASH_ENV"`],
  ])('is the deploy that began, though a step of it %s', async (_what, command) => {
    const scene = await startOrbScene();
    const deploys = { run: { name: 'works', command } };
    const result = await scene.runDeployJob(scene.deploy({ role_arn: '', steps: [deploys] }), {
      env: { ...scene.credentials(), AWS_REGION: 'eu-west-1' },
    });
    expect(result.status, result.output).toBe('success');
    const [running, success] = scene.markers();
    expect(scene.statuses()).toEqual(['running', 'success']);
    for (const field of ['deploy_id', 'git_sha', 'region'])
      expect(success?.[field], field).toBe(running?.[field]);
    expect(running?.['region']).toBe('eu-west-1');
  });

  test('takes place though its first marker cannot even be tried', async () => {
    const scene = await startOrbScene();
    const result = await scene.runDeployJob(scene.deploy({ role_arn: '', steps: [works] }), {
      env: scene.credentials(),
      // At once: the next step begins without waiting for us.
      onStep: ({ name }) => {
        if (name === STEP.check) rmSync(join(scene.bin, 'deploy-marker'));
      },
    });
    expect(result.step('works')).toMatchObject({ ran: true, code: 0 });
    expect(result.step(STEP.running)).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/code: USAGE \(exit 2\)\nwarning: the job goes on/),
    });
    expect(result.ran).not.toContain(STEP.failed);
  });
});

describe.concurrent('a deploy whose marker can never be made', () => {
  test.each([
    ['a component without a kind', { component: 'no-kind' }, 'MARKER_INVALID'],
    ['braces that stay open', { reason: '${OPEN' }, 'USAGE'],
    ['no channel', { channel_arn: '' }, 'NO_SINK'],
    ['an account that is none', { account: '12' }, 'MARKER_INVALID'],
  ])('stops before anything is assumed or deployed: %s', async (_, parameters, code) => {
    const scene = await startOrbScene();
    const result = await scene.runDeployJob(scene.deploy({ ...parameters, steps: [works] }));
    expect(result).toMatchObject({
      status: 'failed',
      ran: ['checkout', STEP.install, STEP.check, STEP.failed, STEP.clear],
    });
    expect(result.step(STEP.check).stderr).toContain(`code: ${code}`);
    expect(scene.server.requests).toEqual([]);
  });
});

describe.concurrent('two deploys in one job', () => {
  const other = 'stack:billing';
  const runBoth = (scene: OrbScene, first: YamlMap, second: YamlMap, options: SceneOptions = {}) =>
    scene.run([deploy(scene, { role_arn: '', ...first }), deploy(scene, { role_arn: '', ...second })], {
      ...options,
      env: scene.credentials(),
    });
  const pairs = (scene: OrbScene) => scene.markers().map(({ component, status }) => [component, status]);

  test('the first fails, the second does not begin', async () => {
    const scene = await startOrbScene();
    const result = await runBoth(scene, { steps: [fails] }, { steps: [works], component: other });
    expect(result).toMatchObject({ status: 'failed' });
    expect(pairs(scene)).toEqual([
      [COMPONENT, 'running'],
      [COMPONENT, 'failed'],
    ]);
    expect(result.step(STEP.failed).stdout).toContain('no trace that this deploy began');
  });

  test('the first works, the second fails', async () => {
    const scene = await startOrbScene();
    await runBoth(scene, { steps: [works] }, { steps: [fails], component: other });
    expect(pairs(scene)).toEqual([
      [COMPONENT, 'running'],
      [COMPONENT, 'success'],
      [other, 'running'],
      [other, 'failed'],
    ]);
  });

  test('the first works, the second, of the same component, fails before it begins', async () => {
    const scene = await startOrbScene();
    const second = { steps: [works], role_arn: 'arn:aws:iam::111122223333:role/none' };
    const result = await runBoth(scene, { steps: [works] }, second);
    expect(result).toMatchObject({ status: 'failed' });
    expect(pairs(scene)).toEqual([
      [COMPONENT, 'running'],
      [COMPONENT, 'success'],
    ]);
    expect(result.step(STEP.failed).stdout).toContain('no trace that this deploy began');
  });

  test('the first works but cannot be recorded, the second does not take its place', async () => {
    const scene = await startOrbScene();
    const first = { steps: [works], on_error: 'fail' };
    const result = await runBoth(scene, first, { steps: [run('second')] }, refuseAfter(scene, 'works'));
    expect(result).toMatchObject({ status: 'failed' });
    expect(result.ran).not.toContain('second');
    expect(result.ran.filter(name => name === STEP.failed)).toHaveLength(1);
    expect(scene.server.requests.some(({ bodyText }) => bodyText.includes('failed'))).toBe(false);
    expect(scene.statuses()).toEqual(['running']);
  });
});

describe('a deploy that is cancelled', () => {
  test('gets its marker from the job that follows, with the same deploy id, as the example shows', async () => {
    const region = 'eu-west-1';
    const scene = await startOrbScene({ accountId: '123456789012', region });
    const { usage } = toMap(toMap(scene.orb['examples'], 'examples')['canceled_deploys'], 'the example');
    const { jobs, workflows } = toMap(usage, 'usage');
    const calls = toMap(toMap(workflows, 'workflows')['main'], 'main')['jobs'];
    const [first] = Array.isArray(calls) ? calls : [];
    const call = toMap(toMap(first, 'the first job')['deploy-marker/deploy'], 'its parameters');
    const { logGroups } = scene.server.state;
    logGroups.set(String(call['log_group']), { streams: new Map() });
    const markers = () =>
      listLogMessages(logGroups).map(({ message }) =>
        toMap(JSON.parse(message).requestParameters, 'a marker'),
      );
    await scene.install('aws', ['echo deploying', 'sleep 20']);

    const cancelAt = DEPLOYS;
    const canceled = await scene.runDeployJob(call, { cancelAt });
    expect(canceled).toMatchObject({ status: 'canceled', ran: expect.arrayContaining([cancelAt]) });
    expect(canceled.ran.at(-1)).toBe(cancelAt);
    expect(markers()).toMatchObject([{ status: 'running' }]);

    const config = { jobs: toMap(jobs, 'jobs') };
    const { steps } = compileJob(scene.orb, 'record-canceled', {}, { config });
    expect(steps.map(({ name }) => name)).toEqual([STEP.install, STEP.assume, STEP.install, STEP.emit]);
    const later = await scene.runCompiled(steps, {
      env: { CIRCLE_JOB: 'record-canceled', CIRCLE_WORKFLOW_JOB_ID: '00000000-aaaa-4bbb-8ccc-000000000002' },
    });
    expect(later).toMatchObject({ status: 'success' });
    const [running, last] = markers();
    expect(markers()).toMatchObject([{ status: 'running' }, { status: 'canceled' }]);
    expect(last).toMatchObject({ deploy_id: running?.['deploy_id'], git_sha: SHA, component: COMPONENT });
    expect(last?.['uid']).not.toBe(running?.['uid']);
  });
});
