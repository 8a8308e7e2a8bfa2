// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are shell.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compileSteps } from '../../orb/compile-orb.ts';
import { type OrbScene, type SceneOptions, STEP, startOrbScene } from '../../orb/orb-scene.ts';

const works = { run: { name: 'works', command: 'true' } };
const fails = { run: { name: 'fails', command: 'exit 9' } };
const WARNING = /^warning: (.*)\n {2}hint: (.*)\n {2}code: ([A-Z_]+) \(exit \d\)$/m;
const STORE = 'store_artifacts';

const refuse = (scene: OrbScene, times = Number.POSITIVE_INFINITY) =>
  scene.server.faults.add('PutAuditEvents', { kind: 'denied' }, times);

/** The markers of all batches that lie in the folder, the oldest first. */
async function kept(scene: OrbScene, folder = 'kept'): Promise<Record<string, string>[]> {
  const path = join(scene.cwd, folder);
  const names = (await readdir(path)).filter(name => name.endsWith('.json')).sort();
  const texts = await Promise.all(names.map(name => readFile(join(path, name), 'utf8')));
  return texts.flatMap(text => JSON.parse(text).markers);
}

const emit = (scene: OrbScene, more: object = {}, { env, ...options }: SceneOptions = {}) =>
  scene.run([scene.emit({ spool: './kept', ...more })], {
    ...options,
    env: { ...scene.credentials(), ...env },
  });

describe.concurrent('emit with a spool', () => {
  test('keeps nothing once the marker is stored', async () => {
    const scene = await startOrbScene();
    const result = await emit(scene);
    expect(result).toMatchObject({ status: 'success', ran: [STEP.install, STEP.emit, STORE] });
    expect(scene.statuses()).toEqual(['success']);
    expect(await kept(scene)).toEqual([]);
  });

  test.each([
    ['refuses', {}],
    ['is not there', { AWS_ENDPOINT_URL_CLOUDTRAIL_DATA: 'http://127.0.0.1:1' }],
  ])(
    'while the service %s, warns in three lines where the marker is, and the job is green',
    async (_, env) => {
      const scene = await startOrbScene();
      refuse(scene);
      const result = await emit(scene, {}, { env });
      expect(result).toMatchObject({ status: 'success', ran: [STEP.install, STEP.emit, STORE] });
      const { stderr } = result.step(STEP.emit);
      expect(stderr).toMatch(WARNING);
      expect(stderr.match(/^warning: /gm)).toHaveLength(1);
      expect(WARNING.exec(stderr)?.[1]).toMatch(/; 1 marker is kept in \.\/kept$/);
      expect(WARNING.exec(stderr)?.[2]).toContain('--drain ./kept');
      expect(scene.statuses()).toEqual([]);
      expect(await kept(scene)).toMatchObject([{ status: 'success', env: 'prod' }]);
    },
  );

  test('stores the artifact of a job that fails for it as well', async () => {
    const scene = await startOrbScene();
    refuse(scene);
    const result = await emit(scene, { on_error: 'fail' });
    expect(result).toMatchObject({ status: 'failed', ran: [STEP.install, STEP.emit, STORE] });
    expect(await kept(scene)).toHaveLength(1);
  });

  test('is delivered by a replay of a later job under the same UID, whatever that job is called', async () => {
    const scene = await startOrbScene();
    refuse(scene, 1);
    await emit(scene);
    const [marker] = await kept(scene);
    const later = await scene.run([{ 'deploy-marker/replay': { spool: './kept' } }], {
      env: { ...scene.credentials(), CIRCLE_JOB: 'replay', CIRCLE_SHA1: '0'.repeat(40) },
    });
    expect(later).toMatchObject({ status: 'success' });
    expect(scene.markers()).toMatchObject([{ uid: marker?.['uid'], git_sha: marker?.['git_sha'] }]);
    expect(await kept(scene)).toEqual([]);
  });

  test('with a folder that cannot be one, fails, since nothing would be kept', async () => {
    const scene = await startOrbScene();
    await writeFile(join(scene.cwd, 'kept'), '');
    const result = await emit(scene, { on_error: 'ignore' });
    expect(result).toMatchObject({ status: 'failed' });
    expect(result.step(STEP.emit)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^error: .*\.\/kept\n {2}hint: .*\n {2}code: USAGE \(exit 2\)\n$/),
    });
    expect(scene.server.requests).toEqual([]);
  });

  test.each([
    ['without one', {}, 0],
    ['with one', { spool: './kept' }, 1],
    ['as a part of replay, which delivers it', { spool: './kept', phase: 'replay' }, 0],
  ])('%s stores that many artifacts', async (_, more, count) => {
    const scene = await startOrbScene();
    const steps = compileSteps(scene.orb, [scene.emit(more)]);
    expect(steps.filter(({ builtin }) => builtin === STORE)).toHaveLength(count);
  });
});

describe.concurrent('deploy with a spool', () => {
  test('while the service is down, deploys, is green and keeps both markers', async () => {
    const scene = await startOrbScene();
    refuse(scene);
    const result = await scene.runDeployJob(scene.deploy({ spool: './kept', steps: [works] }));
    expect(result).toMatchObject({ status: 'success' });
    expect(result.ran.filter(name => name === STORE)).toHaveLength(1);
    expect(result.ran.at(-1)).toBe(STORE);
    for (const step of [STEP.running, STEP.success]) expect(result.step(step).stderr).toMatch(WARNING);
    const markers = await kept(scene);
    expect(markers.map(marker => marker['status'])).toEqual(['running', 'success']);
    expect(new Set(markers.map(marker => marker['deploy_id'])).size).toBe(1);
    scene.server.faults.clear();
    const replay = [{ 'deploy-marker/replay': { spool: './kept', on_error: 'fail' } }];
    expect(await scene.run(replay, { env: scene.credentials() })).toMatchObject({ status: 'success' });
    expect(
      scene
        .markers()
        .map(marker => marker['uid'])
        .sort(),
    ).toEqual(markers.map(marker => marker['uid']).sort());
  });

  test('that fails keeps the marker that says so, and stores it', async () => {
    const scene = await startOrbScene();
    refuse(scene);
    const result = await scene.runDeployJob(scene.deploy({ spool: './kept', steps: [fails] }));
    expect(result).toMatchObject({ status: 'failed' });
    expect(result.ran.at(-1)).toBe(STORE);
    expect((await kept(scene)).map(marker => marker['status'])).toEqual(['running', 'failed']);
  });

  test('stops before it deploys, if the folder cannot be one', async () => {
    const scene = await startOrbScene();
    await writeFile(join(scene.cwd, 'kept'), '');
    const result = await scene.runDeployJob(scene.deploy({ spool: './kept', steps: [works] }));
    expect(result).toMatchObject({ status: 'failed' });
    expect(result.step(STEP.check)).toMatchObject({ code: 2 });
    expect(result.ran).not.toContain('works');
    expect(scene.server.requests).toEqual([]);
  });
});
