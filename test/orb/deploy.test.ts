import { describe, expect, test } from 'vitest';
import { COMPONENT, type OrbScene, STEP, startOrbScene } from './orb-scene.ts';

const NAME = 'ci-prod-9b1d0c3e-sam-deploy-a1b2c3d';
const BEFORE = [STEP.install, STEP.check, STEP.session, STEP.assume, STEP.running];
const LEFT = /^(AWS_(ACCESS|SECRET|SESSION|CRED)|ROLE_SESSION_NAME|DEPLOY_MARKER_|MARKER_ORB_)/;

function checkMarkers(scene: OrbScene, name = NAME): void {
  const [running, success] = scene.markers();
  expect(scene.markers()).toHaveLength(2);
  expect(running).toMatchObject({ status: 'running', component: COMPONENT, role_session_name: name });
  expect(running).not.toHaveProperty('deployed_at');
  expect(success).toMatchObject({ status: 'success', component: COMPONENT, role_session_name: name });
  expect(success?.['deploy_id']).toBe(running?.['deploy_id']);
  expect(success?.['started_at']).toBe(running?.['started_at']);
  expect(success?.['uid']).not.toBe(running?.['uid']);
}

describe.concurrent('deploy', () => {
  test('the job names, assumes, marks, runs the steps, marks again and takes back', async () => {
    const scene = await startOrbScene();
    const steps = [{ run: { name: 'deploys', command: 'sleep 1.1' } }, scene.look('during')];
    const call = {
      ...scene.deploy({ steps }),
      'pre-steps': [scene.look('before')],
      'post-steps': [scene.look('after')],
    };
    const result = await scene.runDeployJob(call);
    expect(result).toMatchObject({
      status: 'success',
      ran: ['before', 'checkout', ...BEFORE, 'deploys', 'during', STEP.success, STEP.clear, 'after'],
    });
    checkMarkers(scene);
    const { started_at = '', deployed_at = '' } = scene.markers()[1] ?? {};
    expect(Date.parse(deployed_at) - Date.parse(started_at)).toBeGreaterThanOrEqual(1000);
    const [before, during, after] = await Promise.all(['before', 'during', 'after'].map(scene.seen));
    const key = [...scene.server.state.keys.values()].at(-1);
    expect(key?.arn).toMatch(new RegExp(`/${NAME}$`));
    expect(during).toMatchObject({ ROLE_SESSION_NAME: NAME, AWS_ACCESS_KEY_ID: key?.id });
    expect(Object.keys(after ?? {}).filter(name => LEFT.test(name))).toEqual([]);
    expect(after).toMatchObject({ ...before, BASH_ENV: after?.['BASH_ENV'], _: after?.['_'] });
    const puts = scene.server.requests.filter(({ operation }) => operation === 'PutAuditEvents');
    expect(puts.map(({ accessKeyId }) => accessKeyId)).toEqual([key?.id, key?.id]);
  });

  test('the command does the same among steps of one’s own, under set -u and in the C locale, each with one line of what it did', async () => {
    const scene = await startOrbScene();
    const steps = [{ run: { name: 'deploys', command: 'true' } }];
    const result = await scene.run(
      [{ 'deploy-marker/deploy': scene.deploy({ steps }) }, scene.look('after')],
      { nounset: true, env: { LANG: undefined, LC_ALL: 'C' } },
    );
    expect(result).toMatchObject({
      status: 'success',
      ran: [...BEFORE, 'deploys', STEP.success, STEP.clear, 'after'],
    });
    checkMarkers(scene);
    const lines = result.steps.filter(step => step.ran && !['deploys', 'after'].includes(step.name));
    for (const { name, stdout } of lines) expect(stdout, name).toMatch(/^[^\n]+\n$/);
    const [running, success] = scene.server.state.stored.map(
      ({ id, eventID }) => `uid=${id} event=${eventID}`,
    );
    expect(result.step(STEP.running).stdout).toContain(running);
    expect(result.step(STEP.success).stdout).toContain(success);
  });

  test('without a role, keeps the credentials and the session that the job has', async () => {
    const scene = await startOrbScene();
    const own = { ...scene.credentials(), ROLE_SESSION_NAME: 'my-own' };
    const call = scene.deploy({ role_arn: '', steps: [scene.look('during')], checkout: false });
    const result = await scene.runDeployJob({ ...call, 'post-steps': [scene.look('after')] }, { env: own });
    expect(result).toMatchObject({ status: 'success' });
    expect(result.ran).not.toContain(STEP.assume);
    expect(result.ran).not.toContain('checkout');
    expect(result.ran).not.toContain(STEP.session);
    expect(await scene.seen('during')).toMatchObject(own);
    expect(await scene.seen('after')).toMatchObject(own);
    checkMarkers(scene, 'my-own');
  });

  test('hands on its parameters to session, role and both markers, and the variables in them', async () => {
    const scene = await startOrbScene();
    const fields = {
      ...{ kind: 'rollback', account: '123456789012', target_version: 'v4.2', previous_git_sha: 'fedc9876' },
      ...{
        actor: 'kim',
        workflow: 'deploy-prod',
        job: 'sam',
        reason: 'OPS-1 "now"',
        approved_by: 'sam',
        url: 'https://example.com/?a=1&b',
      },
      deploy_id: 'deploy-1',
    };
    const call = scene.deploy({
      ...fields,
      ...{
        env: '$TARGET',
        component: 'lambda:a\nlambda:b',
        label: 'team=billing',
        git_sha: '0123abcd',
        prefix: 'orb',
      },
      ...{ region: 'ap-northeast-1', duration: '900', steps: [scene.look('during')] },
    });
    const result = await scene.runDeployJob(call, { env: { TARGET: 'stage' } });
    expect(result).toMatchObject({ status: 'success' });
    const all = {
      ...fields,
      env: 'stage',
      git_sha: '0123abcd',
      region: 'ap-northeast-1',
      'label.team': 'billing',
    };
    expect(scene.markers()).toMatchObject([
      { ...all, status: 'running', component: 'lambda:a' },
      { ...all, status: 'running', component: 'lambda:b' },
      { ...all, status: 'success', component: 'lambda:a' },
      { ...all, status: 'success', component: 'lambda:b' },
    ]);
    expect(await scene.seen('during')).toMatchObject({
      ...{ ROLE_SESSION_NAME: 'orb-stage-deploy-prod-sam-0123abc', AWS_REGION: 'ap-northeast-1' },
    });
  });
});
