import { expect, test } from 'vitest';
import { STEP, startOrbScene } from '../../orb/orb-scene.ts';

test('a step that runs again makes the same markers under the same session', async () => {
  const scene = await startOrbScene();
  const call = scene.deploy({ steps: [{ run: { name: 'deploys', command: 'true' } }], role_arn: '' });
  const assume = {
    'deploy-marker/assume_role': { role_arn: scene.server.state.defaultRoleArn, env: 'prod' },
  };
  const result = await scene.run([
    assume,
    { 'deploy-marker/deploy': call },
    scene.emit({ status: 'pending' }),
  ]);
  expect(result).toMatchObject({ status: 'success' });
  const first = scene.markers();
  expect(first).toMatchObject([{ status: 'running' }, { status: 'success' }, { status: 'pending' }]);
  const arns = () => [...scene.server.state.keys.values()].map(key => key.arn);
  const before = arns().at(-1);

  const again = [STEP.install, STEP.check, STEP.assume, STEP.running, STEP.success, STEP.emit];
  for (const name of again)
    expect(await result.rerun(name)).toMatchObject({ code: 0, stdout: expect.stringMatching(/^[^\n]+\n$/) });
  expect(arns().at(-1)).toBe(before);
  const second = scene.markers().slice(first.length);
  const identity = ({ uid, deploy_id, status }: Record<string, string>) => ({ uid, deploy_id, status });
  expect(second.map(identity)).toEqual(first.map(identity));
});
