import { identityCenterPerson } from '../actors.ts';
import { updateFunctionCode } from '../lambda-calls.ts';
import type { Scenario } from '../scenario.ts';
import { ambiguous, coincident, explained } from '../truth.ts';

/** Two deploys of one function overlap; session names keep their own changes apart, a person's falls into both. */
export const overlappingDeploys: Scenario = {
  name: 'overlapping-deploys',
  play(scene) {
    const { home, random } = scene;
    const name = scene.name('contested');
    const call = updateFunctionCode(home, name);
    const deploys = ['first', 'second'].map((which, i) => {
      const session = `ci-prod-${which}-${scene.tag}`;
      const pipeline = scene.pipeline({ session });
      const times = { from: scene.at(i * 4), until: scene.at(10 + i * 4) };
      const deploy = scene.deploy({ pipeline, component: `lambda:${name}`, ...times });
      scene.change({ by: pipeline.caller, at: scene.at(6, i), call }, explained('session', deploy));
      return deploy;
    });
    const by = identityCenterPerson(random, home.account, scene.at(0));
    scene.change({ by, at: scene.at(7), call }, coincident(...deploys));
  },
};

/** The same role under a third session name, while two deploys of the function run. */
export const overlappingExpectedRole: Scenario = {
  name: 'overlapping-expected-role',
  ambiguity:
    'the role that two deploys of one function share, under a session name of neither, while both run',
  play(scene) {
    const { home } = scene;
    const name = scene.name('shared');
    const call = updateFunctionCode(home, name);
    const [one, two] = ['first', 'second'].map((which, i) => {
      const pipeline = scene.pipeline({ session: `ci-prod-${which}-${scene.tag}` });
      const deploy = scene.deploy({ pipeline, component: `lambda:${name}` });
      scene.change({ by: pipeline.caller, at: scene.at(2, i), call }, explained('session', deploy));
      return deploy;
    });
    if (!one || !two) return;
    const third = scene.pipeline({ session: `ci-prod-third-${scene.tag}` });
    scene.change({ by: third.caller, at: scene.at(5), call }, ambiguous('window', one, two));
  },
};
