import { updateFunctionCode } from '../lambda-calls.ts';
import type { Scenario } from '../scenario.ts';
import { explained, unexplained } from '../truth.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Deploys of which no end is known: under way, or started too long ago; their window ends after six hours. */
export const notEnded: Scenario = {
  name: 'not-ended',
  play(scene) {
    const { home, now } = scene;
    const begin = (base: string, from: number) => {
      const pipeline = scene.pipeline({ at: from - 30_000, session: `ci-prod-${base}-${scene.tag}` });
      const name = scene.name(base);
      return {
        pipeline,
        component: `lambda:${name}`,
        from,
        until: null,
        call: updateFunctionCode(home, name),
      };
    };

    const running = begin('under-way', now - 20 * MINUTE);
    const deploy = scene.deploy({ ...running, state: 'running' });
    const { call } = running;
    const own = explained('session', deploy);
    scene.change({ by: running.pipeline.caller, at: now - 10 * MINUTE, call }, own);
    scene.change({ by: running.pipeline.caller, at: now - MINUTE, call }, own);
    scene.deploy({ ...begin('idle', now - 50 * MINUTE), state: 'running' });
    scene.deploy({ ...begin('nearly-six', now - 6 * HOUR + MINUTE), state: 'running' });

    const findings = ['unfinished-deploy'] as const;
    const from = now - 30 * HOUR;
    const lost = begin('lost', from);
    const unfinished = scene.deploy({ ...lost, state: 'unfinished', findings });
    const by = lost.pipeline.caller;
    scene.change({ by, at: from + HOUR, call: lost.call }, explained('session', unfinished));
    scene.change({ by, at: from + 6 * HOUR, call: lost.call }, explained('session', unfinished));
    scene.change({ by, at: from + 6 * HOUR + 1000, call: lost.call }, unexplained);
    scene.deploy({ ...begin('lost-idle', now - 7 * HOUR), state: 'unfinished', findings });
  },
};
