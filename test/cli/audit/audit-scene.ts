import { updateFunctionCode } from '../../trail-world/lambda-calls.ts';
import type { Scene } from '../../trail-world/scene.ts';
import { explained } from '../../trail-world/truth.ts';
import { HOME, happen, reportOf, runOnFiles, storyFolder } from '../trail/trail-scene.ts';

/** Runs `audit` over what happens in a scene that also has a deploy. */
export async function auditScene(play: (scene: Scene) => void, args: readonly string[] = []) {
  const story = happen(scene => {
    const pipeline = scene.pipeline();
    const deploy = scene.deploy({ pipeline, component: 'lambda:orders' });
    const call = updateFunctionCode(HOME, 'orders');
    scene.change({ by: pipeline.caller, at: scene.at(1), call }, explained('session', deploy));
    play(scene);
  });
  const run = await runOnFiles('audit', await storyFolder(story), ['--json', ...args]);
  return { code: run.code, ...reportOf(run) };
}
