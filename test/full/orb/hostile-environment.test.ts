import { describe, expect, test } from 'vitest';
import { EDGES, expectHarmless, repeat, roundsFor, spread, WORST } from '../../orb/hostile-values.ts';
import { type OrbScene, STEP, startOrbScene } from '../../orb/orb-scene.ts';
import type { JobOptions } from '../../orb/run-job.ts';

const LEGAL = /^[A-Za-z0-9_+=,.@-]{2,64}-a1b2c3d$/;
/** Variables of CircleCI, and parameters of session_name. */
const NAMES = [
  'CIRCLE_JOB',
  'ref',
  'CIRCLE_USERNAME',
  'CIRCLE_PROJECT_REPONAME',
  'CIRCLE_BUILD_URL',
  'workflow',
  'env',
  'prefix',
];

/** What CircleCI's variables say; every other build is one of a tag, and every other page an address. */
function variablesOf(values: Readonly<Record<string, string>>, round: number): Record<string, string> {
  const { ref = '', CIRCLE_BUILD_URL = '', ...same } = values;
  return round % 2 === 0
    ? { ...same, CIRCLE_BRANCH: ref, CIRCLE_BUILD_URL }
    : {
        ...{ ...same, CIRCLE_TAG: ref, CIRCLE_BRANCH: WORST },
        CIRCLE_BUILD_URL: `https://ci.example/build?q=${CIRCLE_BUILD_URL}`,
      };
}

const orNothing = (value = ''): string | undefined => (/^\s*$|^<nil>$/.test(value) ? undefined : value);

/** What a marker says of these variables. */
function fieldsOf(variables: Readonly<Record<string, string>>): Record<string, string | undefined> {
  const name = variables['CIRCLE_PROJECT_REPONAME'] ?? '';
  const url = variables['CIRCLE_BUILD_URL'] ?? '';
  return {
    job: orNothing(variables['CIRCLE_JOB']),
    ref: orNothing(variables['CIRCLE_TAG']) ?? orNothing(variables['CIRCLE_BRANCH']),
    triggered_by: orNothing(variables['CIRCLE_USERNAME']),
    repository: orNothing(name) && !/[@:/\s\\]/.test(name) ? `acme/${name}` : undefined,
    url: url.startsWith('https:') ? new URL(url).href : undefined,
  };
}

async function runRound(scene: OrbScene, round: number, options: Omit<JobOptions, 'env'>): Promise<void> {
  const {
    workflow = '',
    env: text = '',
    prefix = '',
    ...values
  } = round < roundsFor(NAMES) ? spread(NAMES, round) : repeat(NAMES, EDGES);
  const variables = variablesOf(values, round);
  const env = { ...variables, LC_ALL: round % 2 === 0 ? 'C' : 'C.UTF-8' };
  // These have to keep something, and not too much.
  const parts = { env: `e${text}`.slice(0, 20), prefix: `p${prefix}`.slice(0, 20) };
  const before = scene.markers().length;
  const steps = [
    { 'deploy-marker/session_name': { ...parts, workflow, install: false } },
    scene.emit({ install: false }),
  ];
  const job = await scene.run(steps, { ...options, env: { ...env, ...scene.credentials() } });
  expect(job, JSON.stringify(variables)).toMatchObject({ status: 'success' });
  await expectHarmless(scene, job);
  const name = job.step(STEP.session).stdout.slice(0, -1);
  expect(name).toMatch(LEGAL);
  const { BASH_ENV, PWD, OLDPWD, SHLVL, _, ...after } = await job.environment();
  expect(after).toEqual({ ...scene.env(), ...env, ...scene.credentials(), ROLE_SESSION_NAME: name });
  const fields = { ...fieldsOf(variables), role_session_name: name };
  const [marker = {}, ...others] = scene.markers().slice(before);
  expect(others).toEqual([]);
  expect(Object.keys(fields).map(key => [key, marker[key]])).toEqual(Object.entries(fields));
}

describe.concurrent('hostile job, branch, tag, user, repository and page', () => {
  test.each([
    ['even', 0, {}],
    ['odd', 1, { nounset: true }],
  ])(
    'name a session legally, and are in the marker exactly as they are, in %s rounds',
    async (_, first, options) => {
      const scene = await startOrbScene();
      for (let round = first; round <= roundsFor(NAMES); round += 2) await runRound(scene, round, options);
    },
  );
});

test('variables that other orbs have, in the job and in BASH_ENV, do not reach the calls', async () => {
  const others = {
    ...{
      ORB_STR_ENV: 'other',
      ORB_BOOL_VERSION: '1',
      ORB_BOOL_DRY_RUN: '1',
      ORB_LIST_COMPONENT: 'lambda:other',
    },
    ...{ ORB_STR_PROFILE_NAME: 'x', ORB_COMMAND: 'validate', ORB_PHASE: 'begin', ORB_DEPLOY: 'x' },
    // Those that only deploy sets, seen by the other commands.
    ...{ MARKER_ORB_PHASE: 'failed', MARKER_ORB_DEPLOY: 'x', MARKER_ORB_WHEN: 'on_fail' },
  };
  const lines = Object.entries(others).filter(([name]) => name.startsWith('ORB_'));
  const scene = await startOrbScene();
  const before = {
    run: {
      name: 'before',
      command: lines.map(([name, value]) => `echo "export ${name}=${value}" >>"$BASH_ENV"`).join('\n'),
    },
  };
  const deploy = {
    'deploy-marker/deploy': scene.deploy({ steps: [{ run: { name: 'works', command: 'true' } }] }),
  };
  const job = await scene.run([before, deploy, scene.emit({ on_error: 'warn' })], {
    env: { ...scene.credentials(), ...others },
  });
  expect(job).toMatchObject({ status: 'success' });
  expect(scene.statuses()).toEqual(['running', 'success', 'success']);
  expect(scene.markers()).toMatchObject([{ env: 'prod' }, { env: 'prod' }, { env: 'prod' }]);
});
