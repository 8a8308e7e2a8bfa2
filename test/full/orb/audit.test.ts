// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are shell.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { toMarkerObject } from '../../../src/core/delivery/marker-object.ts';
import {
  deployFunction,
  fillHistories,
  happen,
  type Story,
  tellStory,
  writeStory,
} from '../../cli/trail/trail-scene.ts';
import { answerWith } from '../../fakes/athena/athena-rows.ts';
import { startWebhookServer } from '../../fakes/webhook-server.ts';
import { compileJob } from '../../orb/compile-orb.ts';
import { expectHarmless, expectOurError } from '../../orb/hostile-values.ts';
import { createJobStorage } from '../../orb/job-storage.ts';
import { type OrbScene, type SceneOptions, STEP, startOrbScene } from '../../orb/orb-scene.ts';
import { readPackedOrb, toMap } from '../../orb/packed-orb.ts';
import { makeBucket, toObject } from '../../trail-world/bucket.ts';

const FOLDER = 'deploy-marker-audit';
const [STATE, PAGE, JUNIT] = [`${FOLDER}/state.json`, `${FOLDER}/report.html`, `${FOLDER}/junit.xml`];
const ENDPOINTS = ['ATHENA', 'CLOUDTRAIL', 'CLOUDWATCH_LOGS', 'S3', 'SNS'];

/** A scene in whose event history, and in whose repository, a story is. */
async function startWithStory(story: Story): Promise<OrbScene> {
  const scene = await startOrbScene();
  scene.server.state.lookupsPerSecond = Number.POSITIVE_INFINITY;
  fillHistories(scene.server, story);
  await writeStory(scene.cwd, story);
  return scene;
}

const urls = ({ server }: OrbScene) =>
  Object.fromEntries(ENDPOINTS.map(service => [`AWS_ENDPOINT_URL_${service}`, server.url]));

/** Puts the story where accounts keep it without CloudTrail Lake: in buckets, a log group and tables of Athena. */
function fillPlaces({ server: { state } }: OrbScene, { markers, records }: Story): void {
  const folder = { bucket: 'acme-deploys', prefix: 'prod' };
  const stored = markers.map(marker => toMarkerObject(marker, folder));
  const objects = new Map(stored.map(({ key, body }) => [key, toObject(Buffer.from(body), Date.now())]));
  state.buckets.set(folder.bucket, { objects });
  const organization = 'o-abc1234567';
  state.buckets.set('trail', {
    objects: makeBucket({ bucket: 'trail', organization, records, delay: 60_000 }),
  });
  const events = records.map((record, rank) => {
    const timestamp = Date.parse(record.eventTime) + 300_000;
    return { eventId: `${rank}`, timestamp, ingestionTime: timestamp, message: JSON.stringify(record) };
  });
  state.logGroups.set('trail', { streams: new Map([['111122223333_CloudTrail_eu-west-1', events]]) });
  state.athena.answerQuery = answerWith(records, markers);
}

/** Runs the job `audit` with the scene's role and markers. */
function audit(scene: OrbScene, more: object = {}, { env, ...options }: SceneOptions = {}) {
  const call = { role_arn: scene.server.state.defaultRoleArn, markers: 'markers.jsonl', ...more };
  return scene.runOrbJob('audit', call, { ...options, env: { ...urls(scene), ...env } });
}

const ALL = ['checkout', 'restore_cache', STEP.install, STEP.assume, STEP.audit];
const STORED = ['store_test_results', 'store_artifacts', 'save_cache', STEP.clear];

describe.concurrent('the job audit', () => {
  test('is green where every change has its deploy, and stores report, JUnit and state', async () => {
    const scene = await startWithStory(happen(one => void deployFunction(one, 'orders')));
    const storage = await createJobStorage();
    const result = await audit(scene, {}, { storage, nounset: true });
    expect(result).toMatchObject({ status: 'success', ran: [...ALL, ...STORED] });
    expect(storage.artifacts.get(PAGE)).toContain('<!doctype html>');
    expect(storage.testResults.get(JUNIT)).toMatch(/<testsuites?\b/);
    expect(storage.cacheKeys()).toEqual([
      expect.stringMatching(`^deploy-marker-audit-sam-deploy-${STATE}-\\d+$`),
    ]);
    expect(JSON.parse(await readFile(join(scene.cwd, STATE), 'utf8'))).toMatchObject({ findings: {} });
  });

  test('is red for a change that no deploy explains, tells of it, and the next run does not tell again', async () => {
    const webhook = await startWebhookServer();
    try {
      const scene = await startWithStory(tellStory());
      const storage = await createJobStorage();
      const options = { storage, env: { SLACK_WEBHOOK: webhook.url } };
      const first = await audit(scene, { notify_slack_env: 'SLACK_WEBHOOK' }, options);
      expect(first).toMatchObject({ status: 'failed', ran: [...ALL, ...STORED] });
      expect(first.step(STEP.audit)).toMatchObject({ code: 10, stdout: expect.stringContaining('billing') });
      expect(expectOurError(first.step(STEP.audit))).toBe('AUDIT_FAILED');
      expect(storage.artifacts.get(PAGE)).toContain('billing');
      expect(storage.testResults.get(JUNIT)).toMatch(/<failure\b[^>]*billing/);
      expect(webhook.messages).toHaveLength(1);
      // The next job has nothing of this one but its cache.
      await rm(join(scene.cwd, FOLDER), { recursive: true });
      const second = await audit(scene, { notify_slack_env: 'SLACK_WEBHOOK' }, options);
      expect(second).toMatchObject({ status: 'success', ran: [...ALL, ...STORED] });
      expect(second.step(STEP.audit).stderr).not.toContain('looks back');
      expect(webhook.messages).toHaveLength(1);
      expect(storage.cacheKeys()).toHaveLength(2);
    } finally {
      await webhook.close();
    }
  });

  test('with an s3:// state needs no cache, and with json keeps the report in a file of any name', async () => {
    const scene = await startWithStory(tellStory());
    const storage = await createJobStorage();
    scene.server.state.buckets.set('acme-audit', { objects: new Map() });
    const json = './it\'s "a" $(touch pwned)\n`touch pwned`/é.json';
    const call = { state: 's3://acme-audit/prod.json', json, html: '', junit: '', checkout: false };
    const result = await audit(scene, call, { storage });
    expect(result).toMatchObject({
      ...{ status: 'failed', ran: [STEP.install, STEP.assume, STEP.audit, 'store_artifacts', STEP.clear] },
    });
    expect(result.step(STEP.audit)).toMatchObject({ code: 10, stdout: '' });
    expect(JSON.parse(storage.artifacts.get(json) ?? '')).toMatchObject({ command: 'audit', complete: true });
    expect([...(scene.server.state.buckets.get('acme-audit')?.objects.keys() ?? [])]).toEqual(['prod.json']);
    await expectHarmless(scene, result);
  });

  const bucket = 's3://acme-deploys/prod';
  test.each([
    ['its bucket', { bucket, markers: '', changes: 's3://trail', late: '1h' }, ['GetObject']],
    ['a bucket', { markers: bucket, changes: 's3://trail/AWSLogs/o-abc1234567' }, ['GetObject']],
    [
      'a log group',
      { bucket: '$MARKERS', markers: '', changes: 'logs:trail' },
      ['FilterLogEvents', 'GetObject'],
    ],
    [
      'tables of Athena',
      {
        ...{ markers: 'athena:deploys.markers', changes: 'athena:deploys.cloudtrail_logs_pp' },
        output_location: 's3://mine/',
      },
      ['StartQueryExecution'],
    ],
    [
      'all at once',
      { bucket, changes: 's3://trail\nlogs:trail\nathena:deploys.cloudtrail_logs_pp' },
      ['GetObject'],
    ],
  ])('reads %s', async (_, call, operations) => {
    const story = tellStory();
    const scene = await startWithStory(story);
    fillPlaces(scene, story);
    const result = await audit(
      scene,
      { ...call, json: 'report.json', since: '5h', state: '' },
      { env: { MARKERS: bucket } },
    );
    const { code, stderr } = result.step(STEP.audit);
    expect(code, stderr).toBe(10);
    const report = JSON.parse(await readFile(join(scene.cwd, 'report.json'), 'utf8'));
    expect(report).toMatchObject({ complete: true, totals: { deploys: 1, standings: { unexplained: 1 } } });
    const asked = new Set(scene.server.requests.map(({ operation }) => operation));
    for (const operation of operations) expect(asked).toContain(operation);
    expect(asked).not.toContain('LookupEvents');
  });

  test('never makes an argument of the webhook, nor prints it', async () => {
    const scene = await startWithStory(tellStory());
    const env = { SLACK_WEBHOOK: 'https://hooks.example.com/services/secret' };
    const result = await audit(scene, { notify_slack_env: '$SLACK_WEBHOOK' }, { env });
    expect(expectOurError(result.step(STEP.audit))).toBe('USAGE');
    expect(result.output).not.toContain('services/secret');
  });

  test('that cannot write its report fails in three lines, before anything is read', async () => {
    const scene = await startOrbScene();
    await mkdir(join(scene.cwd, 'taken'));
    await writeFile(join(scene.cwd, 'markers.jsonl'), '');
    const result = await audit(scene, { json: 'taken', role_arn: '' }, { env: scene.credentials() });
    expect(expectOurError(result.step(STEP.audit))).toBe('USAGE');
    expect(scene.server.requests).toEqual([]);
  });
});

describe('the example of a schedule', () => {
  test('is a call that the job takes', async () => {
    const orb = await readPackedOrb();
    const { usage } = toMap(toMap(orb['examples'], 'examples')['scheduled_audit'], 'it');
    const workflow = toMap(toMap(toMap(usage, 'usage')['workflows'], 'workflows')['audit'], 'audit');
    const [job] = Array.isArray(workflow['jobs']) ? workflow['jobs'] : [];
    const call = toMap(toMap(job, 'a job')['deploy-marker/audit'], 'a call');
    const { steps } = compileJob(orb, 'deploy-marker/audit', call);
    expect(steps.filter(({ builtin }) => builtin !== undefined).map(({ name }) => name)).toEqual([
      'checkout',
      'store_test_results',
      'store_artifacts',
    ]);
    const { environment } = steps.find(({ name }) => name === STEP.audit) ?? { environment: {} };
    expect(environment).toMatchObject({
      MARKER_ORB_STR_SINCE: 'last',
      MARKER_ORB_STR_STATE: call['state'],
      MARKER_ORB_LIST_MARKERS: call['markers'],
    });
  });
});

test('the job has the parameters of the command, with defaults of its own for a schedule, and hands them all on', async () => {
  const { commands = {}, jobs = {} } = await readPackedOrb();
  const job = toMap(jobs['audit'], 'the job');
  const { executor, checkout, role_arn, role_env, role_region, audience, ...shared } = toMap(
    job['parameters'],
    'its',
  );
  const own = [executor, checkout, role_arn, role_env, role_region, audience];
  expect(own).not.toContain(undefined);
  const { when, install, ...command } = toMap(toMap(commands['audit'], 'the command')['parameters'], 'its');
  expect([when, install]).not.toContain(undefined);
  expect(Object.keys(shared)).toEqual(Object.keys(command));
  const scheduled = ['since', 'state', 'html', 'junit'];
  for (const name of Object.keys(command)) {
    if (scheduled.includes(name)) expect(toMap(shared[name], name)['default']).not.toBe('');
    else expect(shared[name]).toEqual(command[name]);
  }
  const handed = Object.keys(command).map(name => [name, `<<parameters.${name}>>`]);
  expect(job['steps']).toContainEqual({ audit: { install: false, ...Object.fromEntries(handed) } });
});
