import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CreateMarkerOptions, createMarker } from '../../../../src/core/marker/create.ts';
import { MARKER_FIELDS, type MarkerInput } from '../../../../src/core/marker/marker.ts';
import { namespaceOf, UID_NAMESPACE, uuidV5 } from '../../../../src/core/marker/uuid.ts';
import { anyCharacters } from '../findings/hostile-text.ts';

const NOW = new Date('2025-12-14T08:12:35.678Z');
const RUN = {
  system: 'circleci',
  jobRunId: '7c0f2a44-6d1e-4b52-9c2f-1f2b3c4d5e6f',
  workflowRunId: '9b1d3c55-0a1b-4c2d-8e3f-a1b2c3d4e5f6',
};
const IN_CI: MarkerInput = {
  env: 'prod',
  component: 'lambda:receipt-pdf-to-jpeg',
  account: '123456789012',
  region: 'ap-northeast-1',
  git_sha: 'A1B2C3D4E5F60718293A4B5C6D7E8F9012345678',
  status: 'success',
  target_version: '42',
  actor: 'circleci',
  deployed_at: '2025-12-14T17:12:34+09:00',
};
const OUTSIDE_CI: MarkerInput = {
  env: 'prod',
  component: 'stack:领收書',
  git_sha: 'a1b2c3d',
  status: 'success',
  actor: 'jane',
  deployed_at: '2025-12-14T08:12:34Z',
};

// All ids below are from Python: uuid.uuid5(namespace, json.dumps(parts, ensure_ascii=False, separators=(',', ':'))).
describe('the identity of a marker', () => {
  test('the namespace is the published one', () => {
    expect(UID_NAMESPACE).toBe('00e3b0c6-9e1b-43ca-bd45-5486e1a57be0');
  });

  test.each<[string, MarkerInput, CreateMarkerOptions, string, string]>([
    [
      'a job run',
      IN_CI,
      { run: RUN },
      '5a25eab5-7d4c-5b9b-ad4f-93157986caec',
      '23410a39-ba5d-5d5f-ba94-7f2a2046fd82',
    ],
    [
      'an idempotency key in its place',
      IN_CI,
      { run: RUN, idempotencyKey: 'release-42' },
      'd3ac9713-3365-553a-9db1-c99d5e00a395',
      '23410a39-ba5d-5d5f-ba94-7f2a2046fd82',
    ],
    [
      'deployed_at outside CI',
      OUTSIDE_CI,
      {},
      'fef977f3-a06d-52f8-b1ac-585694dfaa9b',
      'e360eead-6939-5a0f-ac1f-4bd0336bd575',
    ],
    [
      'the start outside CI, for the deploy',
      { ...OUTSIDE_CI, started_at: '2025-12-14T08:05:10Z' },
      {},
      'fef977f3-a06d-52f8-b1ac-585694dfaa9b',
      '1ab38ffd-1959-5943-ac0c-6d8f002b1595',
    ],
    [
      'an idempotency key outside CI',
      OUTSIDE_CI,
      { idempotencyKey: 'key 1' },
      '43dd56a7-351f-506a-9fb0-888a049eff35',
      'e360eead-6939-5a0f-ac1f-4bd0336bd575',
    ],
    [
      'the change that it explains',
      { ...OUTSIDE_CI, reason: 'by hand', explains: '7D2A9F6E-0B1C-4D3E-8F50-61728394A5B6' },
      {},
      '5e90501d-df96-5fd3-9219-b569ad1c9854',
      'cfdd62de-95b1-5118-b16c-c4ec4850dfee',
    ],
  ])('is that of %s', (_, input, options, uid, deployId) => {
    expect(createMarker(input, { now: NOW, ...options })).toMatchObject({ uid, deploy_id: deployId });
  });

  test('counts an ARN by its own account and Region', () => {
    const component = 'arn:aws:lambda:eu-west-1:210987654321:function:resize';
    const input: MarkerInput = {
      ...IN_CI,
      component,
      git_sha: 'a1b2c3d',
      deployed_at: '2025-12-14T08:12:34Z',
    };
    const { target_version: _, ...plain } = input;
    expect(createMarker(plain, { now: NOW, run: RUN }).uid).toBe('f89529c7-698f-584b-8485-f85f9b68d4b8');
  });

  test('is the same however late the step is repeated, and another for every field that makes it', () => {
    const { uid } = createMarker(IN_CI, { now: NOW, run: RUN });
    const again = createMarker(
      { ...IN_CI, deployed_at: '2025-12-14T09:00:00Z', reason: 'again' },
      { run: RUN },
    );
    expect(again.uid).toBe(uid);
    const others: [Partial<MarkerInput>, CreateMarkerOptions][] = [
      [{ env: 'stage' }, {}],
      [{ component: 'lambda:other' }, {}],
      [{ account: '210987654321' }, {}],
      [{ region: 'eu-west-1' }, {}],
      [{ git_sha: 'a1b2c3d' }, {}],
      [{ status: 'failed' }, {}],
      [{ target_version: '43' }, {}],
      [{}, { run: { ...RUN, jobRunId: 'other' } }],
      [{}, { run: { ...RUN, system: 'github' } }],
    ];
    const uids = others.map(
      ([fields, options]) => createMarker({ ...IN_CI, ...fields }, { run: RUN, ...options }).uid,
    );
    expect(new Set([uid, ...uids]).size).toBe(others.length + 1);
  });

  test('the deploy is the same for all statuses and jobs of one run, and another in the next run', () => {
    const { deployed_at: _, target_version: __, ...begun } = IN_CI;
    const pending = createMarker({ ...begun, status: 'pending' }, { now: NOW, run: RUN });
    const done = createMarker(IN_CI, { now: NOW, run: { ...RUN, jobRunId: 'a later job' } });
    expect(pending.uid).toBe('84ba6bc6-8112-5001-81fa-0495988387a0');
    expect(done.uid).not.toBe(pending.uid);
    expect(done.deploy_id).toBe(pending.deploy_id);
    const next = createMarker(IN_CI, { now: NOW, run: { ...RUN, workflowRunId: 'the next' } });
    expect(next.deploy_id).not.toBe(done.deploy_id);
  });

  test('outside CI all statuses of one deploy share its start', () => {
    const started_at = '2025-12-14T08:05:10Z';
    const { deployed_at: _, ...begun } = OUTSIDE_CI;
    const running = createMarker({ ...begun, status: 'running', started_at }, { now: NOW });
    expect(createMarker({ ...OUTSIDE_CI, started_at }, { now: NOW }).deploy_id).toBe(running.deploy_id);
  });

  test('is kept where the input brings it', () => {
    const own = { uid: 'my-own_uid', deploy_id: 'deploy 7', recorded_at: '2025-12-14T10:00:00+01:00' };
    expect(createMarker({ ...IN_CI, ...own }, { now: NOW, run: RUN })).toMatchObject({
      ...own,
      recorded_at: '2025-12-14T09:00:00Z',
    });
  });
});

describe('createMarker', () => {
  test('writes every field in the published order, times as UTC whole seconds', () => {
    const all: MarkerInput = {
      labels: { team: 'billing' },
      url: 'https://ci.example/1',
      approved_by: 'joe',
      reason: 'OPS-123',
      explains: '7d2a9f6e-0b1c-4d3e-8f50-61728394a5b6',
      previous_git_sha: 'ABCDEF0',
      role_arn: 'arn:aws:iam::123456789012:role/deploy',
      role_session_name: 'ci-prod-a1b2c3d',
      job: 'sam-deploy',
      workflow: 'deploy-prod',
      run_id: 'r1',
      ref: 'main',
      repository: 'acme/app',
      triggered_by: 'jane',
      started_at: '2025-12-14T08:05:10Z',
      kind: 'rollback',
      ...IN_CI,
    };
    const marker = createMarker(all, { now: NOW, run: RUN });
    expect(Object.keys(marker)).toEqual([...MARKER_FIELDS]);
    expect(marker).toMatchObject({
      recorded_at: '2025-12-14T08:12:35Z',
      deployed_at: '2025-12-14T08:12:34Z',
      git_sha: 'a1b2c3d4e5f60718293a4b5c6d7e8f9012345678',
      previous_git_sha: 'abcdef0',
    });
    expect(Object.keys(createMarker(OUTSIDE_CI, { now: NOW }))).toEqual(
      MARKER_FIELDS.filter(field => field in { ...OUTSIDE_CI, uid: 0, deploy_id: 0, recorded_at: 0 }),
    );
  });

  test('has no clock of its own but the one that it is given, and the present by default', () => {
    const before = Date.now();
    const at = Date.parse(createMarker(OUTSIDE_CI).recorded_at);
    expect(at).toBeGreaterThanOrEqual(before - 1000);
    expect(at).toBeLessThanOrEqual(Date.now());
  });

  test('names every problem', () => {
    expect(() => createMarker({ ...IN_CI, env: '', component: 'x' })).toThrow(
      expect.objectContaining({
        code: 'MARKER_INVALID',
        exitCode: 7,
        message:
          'marker does not hold: /env "" has no character that a session name allows; /component must be kind:name, such as lambda:x, or a full ARN, got "x"',
      }),
    );
  });
});

describe('uuidV5', () => {
  test('gives the UUID of RFC 9562, appendix A.4', () => {
    expect(uuidV5(namespaceOf('6ba7b810-9dad-11d1-80b4-00c04fd430c8'), 'www.example.com')).toBe(
      '2ed6657d-e927-568b-95e1-2665a8aea6a2',
    );
  });

  test('has version 5 and variant 8 to b for any name', () => {
    fc.assert(
      fc.property(anyCharacters(), name => {
        expect(uuidV5(namespaceOf(UID_NAMESPACE), name)).toMatch(
          /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
        );
      }),
    );
  });
});
