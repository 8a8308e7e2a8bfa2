import {
  publishVersion,
  updateAlias,
  updateFunctionCode,
  updateFunctionConfiguration,
} from '../lambda-calls.ts';
import type { Scenario } from '../scenario.ts';
import { explained } from '../truth.ts';

/** The CLI of a CI job updates one function, spelling its name in every way there is. */
export const directCli: Scenario = {
  name: 'direct-cli',
  play(scene) {
    const { home } = scene;
    const pipeline = scene.pipeline();
    const name = scene.name('resize');
    const deploy = scene.deploy({ pipeline, component: `lambda:${name}` });
    scene.changes(
      pipeline.caller,
      scene.at(1),
      [
        updateFunctionCode(home, name),
        updateFunctionConfiguration(home, name, 'partial'),
        updateFunctionConfiguration(home, name, 'region-partial', true),
        publishVersion(home, name, '7', 'arn'),
        updateAlias(home, name, { functionVersion: '7', spelling: 'qualified' }),
        updateAlias(home, name, { functionVersion: '7', spelling: 'qualified-arn' }),
      ],
      explained('session', deploy),
    );
  },
};
