import { addLayerVersionPermission, publishLayerVersion } from '../lambda-calls.ts';
import type { Scenario } from '../scenario.ts';
import { explained, unexplained } from '../truth.ts';

/** Layers, which have names of their own. */
export const layerPublish: Scenario = {
  name: 'layer-publish',
  play(scene) {
    const { home } = scene;
    const pipeline = scene.pipeline();
    const name = scene.name('deps');
    const deploy = scene.deploy({ pipeline, component: `layer:${name}`, fields: { target_version: '4' } });
    const calls = [publishLayerVersion(home, name, 4), addLayerVersionPermission(home, name, 4)];
    scene.changes(pipeline.caller, scene.at(2), calls, explained('session', deploy));
    const foreign = scene.pipeline({ at: scene.at(60), session: 'laptop', hasComposedName: false });
    const call = publishLayerVersion(home, name, 5);
    scene.change({ by: foreign.caller, at: scene.at(61), call }, unexplained);
  },
};
