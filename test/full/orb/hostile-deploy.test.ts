// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are shell.
import { describe, expect, test } from 'vitest';
import { expectHarmless, WORST } from '../../orb/hostile-values.ts';
import { type OrbScene, STEP, startOrbScene } from '../../orb/orb-scene.ts';
import type { JobResult } from '../../orb/run-job.ts';

const TEXTS = {
  ...{ reason: 'a\n`touch pwned`\n"', approved_by: WORST, target_version: '-x', actor: '--dry-run' },
  ...{ workflow: "'; touch pwned; '", job: '| touch pwned', deploy_id: '=é日🚀\u200f' },
};

interface Deploy {
  readonly title: string;
  readonly env: string;
  readonly component: string;
  /** What the two are once variables are replaced, if that is something else. */
  readonly was?: { readonly env: string; readonly component: string };
  readonly options: { readonly nounset?: boolean; readonly env: Readonly<Record<string, string>> };
}

/** Environments that keep something in a session name, and components without a blank, a comma and an open variable: a marker takes them all. */
const DEPLOYS: readonly Deploy[] = [
  {
    title: 'commands, in the C locale',
    ...{ env: '$(touch pwned)', component: 'lambda:`>pwned`;>pwned&&>pwned|\'"' },
    options: { nounset: true, env: { LC_ALL: 'C' } },
  },
  {
    title: 'lines and text that is not ASCII, in the C locale',
    ...{ env: '\'"é\n日\t-x', component: 'lambda:日本🚀é\nlambda:--file=pwned' },
    options: { env: { LC_ALL: 'C' } },
  },
  {
    title: 'flags, in UTF-8',
    ...{ env: '--help', component: 'lambda:--help~!x%s\\n\\' },
    options: { nounset: true, env: { LC_ALL: 'C.UTF-8' } },
  },
  {
    title: 'values of variables',
    ...{ env: '$TARGET', component: '$NAMES' },
    ...{ was: { env: '; touch pwned #${', component: 'lambda:`>pwned`\nlambda:;>pwned' } },
    options: { env: { TARGET: '; touch pwned #${', NAMES: 'lambda:`>pwned`\nlambda:;>pwned' } },
  },
];

/** What tells that nothing of the deploy is left for the next step. */
async function expectNothingLeft(scene: OrbScene, job: JobResult, env: object): Promise<void> {
  const { BASH_ENV, PWD, OLDPWD, SHLVL, _, ...after } = await job.environment();
  expect(after).toEqual({ ...scene.env(), ...env });
}

describe.concurrent('deploy of hostile names', () => {
  test.each(DEPLOYS)('records one failure of each: $title', async ({ env, component, was, options }) => {
    const scene = await startOrbScene();
    const call = scene.deploy({
      ...{ ...TEXTS, env, component, label: `key=${TEXTS.target_version} "'` },
      steps: [{ run: { name: 'deploys', command: 'false' } }],
    });
    const job = await scene.run([{ 'deploy-marker/deploy': call }], options);
    expect(job.status).toBe('failed');
    expect(job.ran.slice(-4)).toEqual([STEP.running, 'deploys', STEP.failed, STEP.clear]);
    await expectHarmless(scene, job);
    await expectNothingLeft(scene, job, options.env);

    const name = job.step(STEP.session).stdout.trim();
    expect(name).toMatch(/^[A-Za-z0-9_+=,.@-]{2,64}$/);
    expect([...scene.server.state.keys.values()].at(-1)?.arn.split('/').at(-1)).toBe(name);
    const stored = was ?? { env, component };
    const fields = { ...TEXTS, env: stored.env, role_session_name: name, 'label.key': `-x "'` };
    expect(scene.markers()).toMatchObject(
      ['running', 'failed'].flatMap(status =>
        stored.component.split('\n').map(component => ({ ...fields, status, component })),
      ),
    );
    expect(scene.statuses()).toHaveLength(2 * stored.component.split('\n').length);
  });

  test.each(['lambda:$(>pwned)', 'lambda:${LANG}', 'lambda:a,lambda:b'])(
    'stops before it, where a variable names %s',
    async component => {
      const scene = await startOrbScene();
      const call = scene.deploy({
        component: '$NAME',
        steps: [{ run: { name: 'deploys', command: 'true' } }],
      });
      const job = await scene.run([{ 'deploy-marker/deploy': call }], { env: { NAME: component } });
      expect(job.ran).toEqual([STEP.install, STEP.check, STEP.failed, STEP.clear]);
      expect(job.step(STEP.check).stderr).toContain('code: MARKER_INVALID (exit 7)');
      expect(scene.server.requests).toEqual([]);
      await expectHarmless(scene, job);
    },
  );

  test('hands no flag to CircleCI’s own deploy marker', async () => {
    const scene = await startOrbScene();
    const call = scene.deploy({
      ...{ env: '--help', component: 'lambda:--namespace=x', target_version: '--status=x' },
      ...{ circleci_release: true, steps: [{ run: 'true' }] },
    });
    const job = await scene.run([{ 'deploy-marker/deploy': call }]);
    expect(job).toMatchObject({ status: 'success' });
    await expectHarmless(scene, job);
    const calls = (await scene.calls()).filter(([, , command]) => command === 'release');
    const flags = '--environment-name --component-name --target-version --status'.split(' ');
    for (const [, , , verb, ...words] of calls)
      for (const word of words.filter(word => word.startsWith('-')))
        expect(flags, `${verb} ${word}`).toContain(word.split('=')[0]);
    expect((await scene.releases()).map(([, status]) => status)).toEqual(['PENDING', 'RUNNING', 'SUCCESS']);
  });
});
