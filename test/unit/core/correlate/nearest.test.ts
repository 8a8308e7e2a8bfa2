import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Actor, Change } from '../../../../src/core/change/change.ts';
import { tellApart } from '../../../../src/core/correlate/attribution.ts';
import { gatherEvidence } from '../../../../src/core/correlate/gather.ts';
import { DEFAULT_WINDOW, readMarkers } from '../../../../src/core/deploy/deploy.ts';
import type { StoredMarker } from '../../../../src/core/marker/stored.ts';
import { sampleMarker } from '../marker/sample-marker.ts';

const NOON = Date.parse('2026-06-01T12:00:00Z');
const MINUTE = 60_000;
const ACTOR: Actor = {
  kind: 'session',
  name: 'n',
  account: '111122223333',
  role: 'deploy',
  session: 'ci-prod-a1b2c3d',
  accessKeyId: undefined,
  via: undefined,
};

const at = (minute: number): string => new Date(NOON + minute * MINUTE).toISOString();
const never = (): boolean => false;

/** Markers of one session: of few runs, components and Regions, soon after each other. */
const markers = fc.array(
  fc.record({
    start: fc.nat(90),
    length: fc.constantFrom(0, 5, 30),
    run: fc.constantFrom('1', '2'),
    component: fc.constantFrom('lambda:a', 'lambda:b', 'lambda:c'),
    region: fc.constantFrom('eu-west-1', 'eu-west-1', 'us-east-1'),
  }),
  { minLength: 1, maxLength: 5 },
);
const change = fc.record({
  minute: fc.integer({ min: -10, max: 140 }),
  component: fc.constantFrom('lambda:a', 'lambda:other'),
});

test('of the nearest deploys of a session the same is left as of all of them', () => {
  fc.assert(
    fc.property(markers, change, (told, { minute, component }) => {
      const { explains: _, ...sample } = sampleMarker();
      const stored = told.map(
        ({ start, length, run, component, region }, rank): StoredMarker => ({
          ...sample,
          uid: `u-${rank}`,
          deploy_id: `d-${rank}`,
          component,
          account: '111122223333',
          region,
          run_id: run,
          started_at: at(start),
          deployed_at: at(start + length),
          recorded_at: at(start + length),
          role_session_name: 'ci-prod-a1b2c3d',
          role_arn: 'arn:aws:iam::111122223333:role/deploy',
        }),
      );
      const evidence = gatherEvidence({
        markers: readMarkers(stored, DEFAULT_WINDOW, NOON + 300 * MINUTE),
        chains: [],
        changes: [],
        reach: DEFAULT_WINDOW.assumed,
        isDeployRole: never,
        isServiceRole: never,
        isBridgeRole: never,
      });
      const made: Change = {
        id: 'e1',
        time: NOON + minute * MINUTE,
        account: '111122223333',
        region: 'eu-west-1',
        service: 'lambda',
        action: 'UpdateFunctionCode',
        component,
        actor: ACTOR,
        stack: undefined,
        version: undefined,
      };
      const [nearest, all] = (['nearest', 'all'] as const).map(reach =>
        tellApart(evidence.index.bySession(ACTOR, made, reach), made, evidence).map(({ id }) => id),
      );
      expect(nearest).toEqual(all);
    }),
    { numRuns: 2000 },
  );
});
