import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SHA, toJsonLines, wholeMarker } from '../cli/emit/scene.ts';
import { COMPONENT, type OrbScene, type SceneOptions, STEP, startOrbScene } from './orb-scene.ts';

const fails = { run: { name: 'fails', command: 'false' } };

/** A job with credentials of its own, as from a context. */
async function runEmit(
  parameters: (scene: OrbScene) => object,
  { before = [], ...options }: SceneOptions & { before?: readonly unknown[] } = {},
) {
  const scene = await startOrbScene();
  const env = { ...scene.credentials(), ...options.env };
  const result = await scene.run([...before, { 'deploy-marker/emit': parameters(scene) }], {
    ...options,
    env,
  });
  return { scene, result };
}

const whole =
  (more: object = {}) =>
  (scene: OrbScene) => ({
    ...{ env: 'prod', component: COMPONENT, channel_arn: scene.server.state.defaultChannelArn, ...more },
  });

describe.concurrent('emit', () => {
  test.each([
    ['as it is', {}],
    ['under set -u and in the C locale', { nounset: true, env: { LANG: undefined, LC_ALL: 'C' } }],
  ])('stores a marker and says so in one line, %s', async (_, options) => {
    const { scene, result } = await runEmit(whole(), options);
    expect(result).toMatchObject({ status: 'success', ran: [STEP.install, STEP.emit] });
    const [marker] = scene.markers();
    expect(scene.markers()).toHaveLength(1);
    expect(marker).toMatchObject({
      ...{
        env: 'prod',
        component: COMPONENT,
        git_sha: SHA,
        status: 'success',
        actor: 'circleci',
        job: 'sam-deploy',
      },
    });
    const event = scene.server.state.stored[0]?.eventID;
    expect(result.step(STEP.emit)).toMatchObject({
      ...{ stdout: `stored in lake: ${COMPONENT} uid=${marker?.['uid']} event=${event}\n`, stderr: '' },
    });
  });

  test('takes the status from the moment at which it runs', async () => {
    const success = await runEmit(whole({ when: 'on_success' }));
    expect(success.scene.statuses()).toEqual(['success']);
    const failed = await runEmit(whole({ when: 'on_fail' }), { before: [fails] });
    expect(failed.result).toMatchObject({ status: 'failed', ran: ['fails', STEP.install, STEP.emit] });
    expect(failed.scene.statuses()).toEqual(['failed']);
    const idle = await runEmit(whole({ when: 'on_fail' }));
    expect(idle.result).toMatchObject({ status: 'success', ran: [] });
    expect(idle.scene.statuses()).toEqual([]);
  });

  test('with always, needs a status', async () => {
    const refused = await runEmit(whole({ when: 'always' }));
    expect(refused.result).toMatchObject({ status: 'failed' });
    expect(refused.result.step(STEP.emit)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^error: .*\balways\b.*\n {2}hint: .*\n {2}code: USAGE \(exit 2\)\n$/),
    });
    expect(refused.scene.server.requests).toEqual([]);
    const given = await runEmit(whole({ when: 'always', status: 'canceled' }), { before: [fails] });
    expect(given.result.step(STEP.emit).code).toBe(0);
    expect(given.scene.statuses()).toEqual(['canceled']);
  });

  test('makes one marker for each line of component, and labels of lines', async () => {
    const { scene, result } = await runEmit(
      whole({
        component: 'stack:billing\n\nlambda:a-b\nlambda:$NAME\n',
        label: 'team=billing core\ntier=$TIER',
      }),
      { env: { NAME: 'resize-image', TIER: '1' } },
    );
    expect(scene.markers().map(marker => marker['component'])).toEqual([
      'stack:billing',
      'lambda:a-b',
      COMPONENT,
    ]);
    for (const marker of scene.markers())
      expect(marker).toMatchObject({ 'label.team': 'billing core', 'label.tier': '1' });
    expect(result.step(STEP.emit).stdout.match(/^stored in lake: .*$/gm)).toHaveLength(3);
  });

  test('hands on every parameter of a marker, and variables in them', async () => {
    const given = {
      ...{ git_sha: '0123abcd', kind: 'hotfix', started_at: '2025-12-14T08:05:10Z', deployed_at: '$DONE' },
      ...{
        account: '123456789012',
        region: 'ap-northeast-1',
        actor: 'kim',
        workflow: 'deploy-prod',
        job: 'sam',
      },
      ...{
        session_name: 'by-hand',
        target_version: 'v4.2',
        previous_git_sha: 'fedc9876',
        reason: "it's $TICKET",
      },
      ...{ approved_by: 'sam & co', url: 'https://example.com/?a=1&b=2', deploy_id: 'deploy-1' },
    };
    const { scene } = await runEmit(whole({ ...given, idempotency_key: 'once' }), {
      env: { DONE: '2025-12-14T08:12:34Z', TICKET: 'OPS-123' },
    });
    const { session_name, ...same } = given;
    expect(scene.markers()).toEqual([
      expect.objectContaining({
        ...{
          ...same,
          deployed_at: '2025-12-14T08:12:34Z',
          reason: "it's OPS-123",
          role_session_name: session_name,
        },
      }),
    ]);
  });

  test('prints what it would send, with neither credentials nor network', async () => {
    const scene = await startOrbScene();
    const result = await scene.run(
      [scene.emit({ dry_run: true, account: '123456789012', region: 'eu-west-1' })],
      {
        env: { CIRCLE_OIDC_TOKEN_V2: undefined },
      },
    );
    expect(result).toMatchObject({ status: 'success' });
    expect(result.step(STEP.emit).stdout).toContain(COMPONENT);
    expect(scene.server.requests).toEqual([]);
  });

  test('reads markers from a file of the checkout', async () => {
    const scene = await startOrbScene();
    await writeFile(join(scene.cwd, 'my markers.jsonl'), toJsonLines([wholeMarker(1), wholeMarker(2)]));
    const { channel_arn } = scene.deploy();
    const emit = { 'deploy-marker/emit': { from: './my $KIND.jsonl', channel_arn } };
    const result = await scene.run([emit], { env: { ...scene.credentials(), KIND: 'markers' } });
    expect(result).toMatchObject({ status: 'success' });
    expect(scene.markers().map(marker => marker['uid'])).toEqual(['marker-1', 'marker-2']);
  });

  test('leaves to the variables of a context what its parameters do not say', async () => {
    const scene = await startOrbScene();
    const result = await scene.run([{ 'deploy-marker/emit': { reason: '<nil>', label: '<nil>', env: '' } }], {
      env: {
        ...scene.credentials(),
        ...{
          DEPLOY_MARKER_ENV: 'stage',
          DEPLOY_MARKER_COMPONENT: 'lambda:a\nlambda:b',
          DEPLOY_MARKER_REASON: 'OPS-9',
        },
        DEPLOY_MARKER_CHANNEL_ARN: scene.server.state.defaultChannelArn,
      },
    });
    expect(result).toMatchObject({ status: 'success' });
    expect(scene.markers()).toMatchObject([
      { env: 'stage', component: 'lambda:a', reason: 'OPS-9' },
      { env: 'stage', component: 'lambda:b', reason: 'OPS-9' },
    ]);
    expect(scene.markers().every(marker => !Object.keys(marker).some(key => key.startsWith('label')))).toBe(
      true,
    );
  });

  test('writes a file where it shall', async () => {
    const scene = await startOrbScene();
    const result = await scene.run([
      {
        'deploy-marker/emit': {
          ...{ env: 'prod', component: COMPONENT },
          sink: 'file',
          file: './out.jsonl',
          account: '123456789012',
        },
      },
      { run: { name: 'read', command: 'cat out.jsonl' } },
    ]);
    expect(result).toMatchObject({ status: 'success' });
    expect(JSON.parse(result.step('read').stdout)).toMatchObject({ component: COMPONENT, status: 'success' });
  });

  test.each([
    ['warn', 'success', /^warning: /m],
    ['ignore', 'success', /^$/],
    ['fail', 'failed', /^error: .*\n {2}hint: .*\n {2}code: /m],
  ])('with on_error %s, a delivery that fails leaves the job a %s', async (on_error, status, stderr) => {
    const scene = await startOrbScene();
    scene.server.faults.add('PutAuditEvents', { kind: 'denied' }, Number.POSITIVE_INFINITY);
    const result = await scene.run([scene.emit({ on_error })], { env: scene.credentials() });
    expect(result).toMatchObject({ status });
    expect(result.step(STEP.emit).stderr).toMatch(stderr);
    expect(scene.statuses()).toEqual([]);
  });

  test('warns without being told to, but bad input always fails', async () => {
    const scene = await startOrbScene();
    scene.server.faults.add('PutAuditEvents', { kind: 'denied' }, Number.POSITIVE_INFINITY);
    expect(await scene.run([scene.emit()], { env: scene.credentials() })).toMatchObject({
      status: 'success',
    });
    const bad = await scene.run([scene.emit({ component: 'no-kind', on_error: 'ignore' })], {
      env: scene.credentials(),
    });
    expect(bad).toMatchObject({ status: 'failed' });
    expect(bad.step(STEP.emit)).toMatchObject({
      code: 7,
      stderr: expect.stringContaining('code: MARKER_INVALID'),
    });
  });
});
