import { awsService, foreignUser, serviceEvent, serviceLinkedRole } from '../actors.ts';
import {
  addPermission,
  createFunction,
  putProvisionedConcurrency,
  updateFunctionConfiguration,
} from '../lambda-calls.ts';
import type { Scenario } from '../scenario.ts';
import { byService, explained, unexplained } from '../truth.ts';

/** AWS services by themselves, in the middle of a deploy too, and a user of whom little is known. */
export const servicesAndStrangers: Scenario = {
  name: 'services-and-strangers',
  play(scene) {
    const { home } = scene;
    const replica = createFunction(home, scene.name('us-east-1.edge'));
    scene.change(
      { by: awsService('replicator.lambda.amazonaws.com'), at: scene.at(1), call: replica },
      byService,
    );
    const unnamed = {
      by: serviceEvent('lambda.amazonaws.com', home.account),
      at: scene.at(1, 10),
      call: replica,
    };
    scene.change(unnamed, byService);
    const scaler = serviceLinkedRole(scene.random, home.account, scene.at(0));
    const scaled = putProvisionedConcurrency(scene.name('scaled'));
    scene.change({ by: scaler, at: scene.at(1, 30), call: scaled }, byService);
    const stranger = foreignUser('999988887777');
    const call = addPermission(home, scene.name('opened'));
    scene.change({ by: stranger, at: scene.at(2), call }, unexplained);

    const pipeline = scene.pipeline();
    const name = scene.name('served');
    const deploy = scene.deploy({ pipeline, component: `lambda:${name}` });
    const configuration = updateFunctionConfiguration(home, name);
    scene.change({ by: pipeline.caller, at: scene.at(3), call: configuration }, explained('session', deploy));
    scene.change({ by: awsService('lambda.amazonaws.com'), at: scene.at(4), call: configuration }, byService);
  },
};
