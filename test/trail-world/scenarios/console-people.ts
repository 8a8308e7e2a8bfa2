import {
  federatedUser,
  humanRolePerson,
  iamUser,
  identityCenterPerson,
  identityCenterUser,
  rootUser,
} from '../actors.ts';
import { updateFunctionCode, updateFunctionConfiguration } from '../lambda-calls.ts';
import type { Scenario } from '../scenario.ts';
import { unexplained } from '../truth.ts';

/** People of every kind in the console, with no deploy near. */
export const consolePeople: Scenario = {
  name: 'console-people',
  patterns: { humanRoles: ['ops-people-*'] },
  play(scene) {
    const { home, random } = scene;
    const { account } = home;
    const name = scene.name('touched');
    const people = [
      identityCenterPerson(random, account, scene.at(0)),
      identityCenterUser(account),
      iamUser(account),
      iamUser(account, '/staff/emea/'),
      rootUser(account),
      federatedUser(account),
      humanRolePerson(random, { account, role: `ops-people-${scene.tag}`, createdAt: scene.at(0) }),
    ];
    for (const [i, by] of people.entries()) {
      const calls = [updateFunctionCode(home, name), updateFunctionConfiguration(home, name, 'arn')];
      scene.changes(by, scene.at(i), calls, unexplained);
    }
  },
};
