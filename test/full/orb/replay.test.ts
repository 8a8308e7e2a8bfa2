// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are shell.
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type OrbScene, type SceneOptions, startOrbScene } from '../../orb/orb-scene.ts';
import { toMap } from '../../orb/packed-orb.ts';

const REPLAY = 'Replay undelivered deploy markers';
const THREE_LINES = /^(error|warning): .*\n {2}hint: .*\n {2}code: [A-Z_]+ \(exit \d\)\n$/m;

/** A scene whose folder `kept` holds the marker that an earlier job could not deliver. */
async function startWithSpool(): Promise<OrbScene> {
  const scene = await startOrbScene();
  scene.server.faults.add('PutAuditEvents', { kind: 'denied' }, 1);
  const earlier = await scene.run([scene.emit({ spool: './kept' })], { env: scene.credentials() });
  expect(earlier).toMatchObject({ status: 'success' });
  expect(scene.statuses()).toEqual([]);
  return scene;
}

const replay = (scene: OrbScene, more: object = {}, { env, ...options }: SceneOptions = {}) =>
  scene.run([{ 'deploy-marker/replay': { spool: './kept', ...more } }], {
    ...options,
    env: { ...scene.credentials(), ...env },
  });

const batches = async (scene: OrbScene, folder = 'kept') =>
  (await readdir(join(scene.cwd, folder))).filter(name => name.endsWith('.json'));

async function readBatch(scene: OrbScene, folder = 'kept') {
  const [name = ''] = await batches(scene, folder);
  return JSON.parse(await readFile(join(scene.cwd, folder, name), 'utf8'));
}

describe('the example for undelivered markers', () => {
  test('fetches what lies in the spool of that job, and replays it', async () => {
    const scene = await startWithSpool();
    const { usage } = toMap(toMap(scene.orb['examples'], 'examples')['replay_undelivered_markers'], 'it');
    const { markers } = await readBatch(scene);
    const artifact = join(scene.cwd, 'kept', (await batches(scene))[0] ?? '');
    const calls = join(scene.cwd, 'calls');
    const list = JSON.stringify({
      items: [
        {
          path: `deploy-marker-spool/${basename(artifact)}`,
          url: `https://files.test/0/${basename(artifact)}`,
        },
        { path: 'deploy-marker-spool/rejected/other.json', url: 'https://files.test/0/other.json' },
        { path: 'report.html', url: 'https://files.test/0/report.html' },
      ],
    });
    // A curl of the two calls that the example makes.
    await scene.install('curl', [
      `printf '%s\\n' "$*" >>'${calls}'`,
      '[ "$(cat)" = "Circle-Token: the token" ] || exit 22',
      `case "$*" in *" -o "*) exec cp '${artifact}' "$5" ;; esac`,
      `printf '%s' '${list}'`,
    ]);
    const folder = join(scene.cwd, 'fetched');
    const text = JSON.stringify(usage)
      .replaceAll('arn:aws:iam::123456789012:role/deploy', scene.server.state.defaultRoleArn)
      .replaceAll('eu-west-1', scene.server.state.region)
      .replaceAll('/tmp/spool', folder);
    const { jobs } = JSON.parse(text);
    const result = await scene.run(jobs.replay.steps, {
      env: { CIRCLE_TOKEN: 'the token', REPLAY_OF: '1234' },
    });
    expect(result).toMatchObject({ status: 'success' });
    expect(scene.markers()).toMatchObject([{ uid: markers[0].uid }]);
    expect((await readFile(calls, 'utf8')).trim().split('\n')).toEqual([
      '-fsSL -H @- https://circleci.com/api/v2/project/gh/acme/app/1234/artifacts',
      `-fsSL -H @- -o ${folder}/${basename(artifact)} https://files.test/0/${basename(artifact)}`,
    ]);
  });
});

describe.concurrent('replay', () => {
  test('delivers what an earlier job kept, under the same UID and with its times', async () => {
    const scene = await startWithSpool();
    const { markers } = await readBatch(scene);
    const result = await replay(scene);
    expect(result).toMatchObject({ status: 'success' });
    const { uid, deployed_at, job } = markers[0];
    expect(scene.markers()).toMatchObject([{ uid, deployed_at, job, status: 'success' }]);
    expect(result.step(REPLAY).stdout).toContain(`uid=${uid}`);
    expect(await batches(scene)).toEqual([]);
  });

  test('run again from the same artifact, makes no second marker', async () => {
    const scene = await startWithSpool();
    await cp(join(scene.cwd, 'kept'), join(scene.cwd, 'again'), { recursive: true });
    await replay(scene);
    await replay(scene, { spool: '$FOLDER' }, { env: { FOLDER: './again' } });
    const uids = scene.markers().map(marker => marker['uid']);
    expect(uids).toHaveLength(2);
    expect(new Set(uids).size).toBe(1);
  });

  test('takes neither status nor start from the job that it runs in, and needs no env or component', async () => {
    const scene = await startWithSpool();
    const env = { MARKER_ORB_STARTED_AT: '2020-01-01T00:00:00Z', DEPLOY_MARKER_STATUS: 'failed' };
    const { markers } = await readBatch(scene);
    const failed = { run: { name: 'fails', command: 'false' } };
    const result = await scene.run(
      [failed, { 'deploy-marker/replay': { spool: './kept', when: 'always' } }],
      { env: { ...scene.credentials(), ...env } },
    );
    expect(result.step(REPLAY)).toMatchObject({ code: 0, stderr: expect.not.stringContaining('warning') });
    expect(scene.markers()).toMatchObject([{ uid: markers[0].uid, status: 'success' }]);
    expect(scene.markers()[0]?.['started_at']).toBe(markers[0].started_at);
  });

  test.each(['empty', 'missing'])('of a folder that is %s is green, and sends nothing', async kind => {
    const scene = await startOrbScene();
    if (kind === 'empty') await mkdir(join(scene.cwd, 'kept'));
    const result = await replay(scene);
    expect(result).toMatchObject({ status: 'success' });
    expect(result.step(REPLAY).stderr).toContain('nothing is kept in ./kept');
    expect(scene.server.requests).toEqual([]);
  });

  test.each([
    ['empty', ''],
    ['a variable that is not set', '$NOT_THERE'],
    ['an absent pipeline value', '<nil>'],
  ])('of no folder, as %s, is no marker', async (_, spool) => {
    const scene = await startOrbScene();
    const env = {
      ...{ DEPLOY_MARKER_ENV: 'prod', DEPLOY_MARKER_COMPONENT: 'lambda:a' },
      DEPLOY_MARKER_CHANNEL_ARN: scene.server.state.defaultChannelArn,
    };
    const result = await replay(scene, { spool }, { env });
    expect(result).toMatchObject({ status: 'failed' });
    expect(result.step(REPLAY)).toMatchObject({ code: 2, stderr: expect.stringMatching(THREE_LINES) });
    expect(scene.server.requests).toEqual([]);
  });

  test.each([
    ['warn', 'success', 0, 'warning: '],
    ['fail', 'failed', 9, 'error: '],
  ])(
    'with on_error %s, what is refused for good leaves the job a %s',
    async (on_error, status, code, word) => {
      const scene = await startWithSpool();
      scene.server.faults.add('PutAuditEvents', { kind: 'partial', code: 'InvalidData' }, 1);
      const result = await replay(scene, { on_error });
      expect(result).toMatchObject({ status });
      const { stderr } = result.step(REPLAY);
      expect(result.step(REPLAY).code).toBe(code);
      expect(stderr).toMatch(THREE_LINES);
      expect(stderr).toContain(word);
      expect(stderr).toContain('code: EVENTS_REJECTED (exit 9)');
      expect(await batches(scene)).toEqual([]);
      expect(await readBatch(scene, 'kept/rejected')).toMatchObject({
        refusals: [{ errorCode: 'InvalidData' }],
      });
    },
  );

  test('that fails keeps what it could not deliver', async () => {
    const scene = await startWithSpool();
    const before = await readBatch(scene);
    scene.server.faults.add('PutAuditEvents', { kind: 'denied' }, 1);
    const result = await replay(scene, { on_error: 'fail' });
    expect(result).toMatchObject({ status: 'failed' });
    expect(await readBatch(scene)).toMatchObject({ markers: before.markers });
    expect(await replay(scene)).toMatchObject({ status: 'success' });
    expect(scene.markers()).toMatchObject([{ uid: before.markers[0].uid }]);
  });

  test('passes over files of others', async () => {
    const scene = await startWithSpool();
    await writeFile(join(scene.cwd, 'kept', 'notes.txt'), 'x');
    expect(await replay(scene)).toMatchObject({ status: 'success' });
    expect(scene.statuses()).toEqual(['success']);
  });
});
