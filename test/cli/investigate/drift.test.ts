import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Investigation } from '../../../src/core/investigate/investigation.ts';
import type { AwsServer } from '../../fakes/aws-server.ts';
import type { FakeDrift } from '../../fakes/stack-drift.ts';
import type { Stack } from '../../fakes/stack-resources.ts';
import { toTime } from '../../trail-world/place.ts';
import { RECORDED_STORIES } from '../../trail-world/recorded/stories.ts';
import { sampleMarker } from '../../unit/core/marker/sample-marker.ts';
import { withAwsServer } from '../emit/scene.ts';
import { type RunResult, runCli } from '../run-cli.ts';
import { fillConfig, investigate, type RecordedScene, recordedScene } from './scene.ts';

const [STORY] = RECORDED_STORIES;
const SECRET = 'hunter2-in-the-template';
const MODIFIED: FakeDrift = {
  status: 'MODIFIED',
  differences: [
    { path: '/Timeout', expected: '30', actual: '300' },
    { path: '/Environment/Variables', expected: `{"TOKEN":"${SECRET}","A":"1"}`, actual: '{"A":"1"}' },
  ],
};

interface Told {
  readonly run: RunResult;
  readonly report: Investigation;
  readonly operations: (string | undefined)[];
  readonly bodies: string[];
}

async function ask(
  stack: Omit<Stack, 'resources'> & { readonly drift?: FakeDrift; readonly lastDrift?: FakeDrift },
  args: readonly string[] = [],
  prepare: (server: AwsServer, scene: RecordedScene) => void | Promise<void> = () => {},
): Promise<Told> {
  let told: Told | undefined;
  await withAwsServer(async server => {
    if (STORY === undefined) throw new Error('there is no story');
    const scene = await recordedScene(STORY);
    fillConfig(server, scene.truth.items);
    const { drift, lastDrift, ...rest } = stack;
    const others = Array.from({ length: 49 }, (_, rank) => ({
      logicalId: `Q${rank}`,
      physicalId: `q${rank}`,
      type: 'AWS::SQS::Queue',
      lastDrift: { status: 'IN_SYNC', checkedAt: Date.now() - 9 * 86_400_000 },
    }));
    const own = {
      logicalId: 'Fn',
      physicalId: scene.truth.component.slice('lambda:'.length),
      type: 'AWS::Lambda::Function',
      ...(drift === undefined ? {} : { drift }),
      ...(lastDrift === undefined ? {} : { lastDrift }),
    };
    server.state.stacks.set('shop', { ...rest, resources: [...others, own] });
    await prepare(server, scene);
    const run = await investigate(server, scene, ['--json', ...args]);
    told = {
      run,
      report: JSON.parse(run.stdout),
      operations: server.requests.map(({ operation }) => operation),
      bodies: server.requests.map(({ bodyText }) => bodyText),
    };
  });
  if (told === undefined) throw new Error('nothing was told');
  return told;
}

/** CloudFormation does not know by its name what it lists in the stack. */
function hideOwner({ faults }: AwsServer): void {
  const message = 'Stack for it does not exist';
  faults.add('DescribeStackResources', { kind: 'error', status: 400, code: 'ValidationError', message });
}

/** Writes a marker of the component for each label `stack`, one after the other. */
async function labelMarkers({ truth, folder }: RecordedScene, ...stacks: string[]): Promise<void> {
  const markers = stacks.map((stack, rank) => {
    const time = toTime(Math.floor(Date.now() / 1000) * 1000 - (240 - rank * 10) * 60_000);
    const { explains: _, ...marker } = sampleMarker({
      uid: `u${rank}`,
      deploy_id: `d${rank}`,
      component: truth.component,
      started_at: time,
      deployed_at: time,
      recorded_at: time,
      labels: { stack },
    });
    return marker;
  });
  await writeFile(join(folder, 'markers.jsonl'), markers.map(each => `${JSON.stringify(each)}\n`).join(''));
}

describe.concurrent('drift', () => {
  test('is not looked for unless somebody asks: the last known state with its age', async () => {
    const checkedAt = Date.now() - 7_200_000;
    const { report, operations, run } = await ask({ drift: MODIFIED, lastDrift: { ...MODIFIED, checkedAt } });
    expect(operations).not.toContain('DetectStackDrift');
    const [drift] = report.drift;
    expect(drift).toMatchObject({
      stack: 'shop',
      state: 'modified',
      is_new: false,
      found_by: 'stack-resources',
    });
    expect(report.summary.find(({ topic }) => topic === 'drift')?.text).toMatch(
      /Timeout 30 → 300.*looked at 2 h ago/,
    );
    expect(run.code).toBe(0);
  });

  test('that nobody ever looked for is not known', async () => {
    const { report, operations } = await ask({ drift: MODIFIED });
    expect(report.drift[0]).toMatchObject({ state: 'not-checked', is_new: false });
    expect(operations).not.toContain('DescribeStackResourceDrifts');
    expect(report.summary.find(({ topic }) => topic === 'drift')?.text).toContain('ask with --drift');
  });

  test('with --drift CloudFormation looks at the one resource, and differences are tied to changes', async () => {
    const { report, run, bodies } = await ask({ drift: MODIFIED, detectionLooks: 3 }, ['--drift']);
    const [drift] = report.drift;
    const [change] = report.changes;
    expect(drift).toMatchObject({ state: 'modified', is_new: true });
    expect(drift?.resources).toEqual([
      {
        logical_id: 'Fn',
        physical_id: expect.any(String),
        type: 'AWS::Lambda::Function',
        state: 'modified',
        differences: [
          { path: 'Timeout', expected: { value: 30 }, actual: { value: 300 }, event_id: change?.event_id },
          {
            path: 'Environment.Variables.TOKEN',
            expected: { characters: SECRET.length, sha256: expect.any(String) },
          },
        ],
      },
    ]);
    const detections = bodies.filter(body => body.includes('Action=DetectStackDrift'));
    expect(detections).toHaveLength(1);
    expect(detections[0]).toContain('LogicalResourceIds.member.1=Fn');
    expect(run.stdout).not.toContain(SECRET);
    expect(run).toMatchObject({ code: 0, stderr: '' });
  });

  test('another detection is waited for', async () => {
    const { report, operations } = await ask({ drift: { status: 'IN_SYNC' } }, ['--drift'], server =>
      server.faults.add('DetectStackDrift', {
        kind: 'error',
        status: 400,
        code: 'ValidationError',
        message: 'Drift detection is already in progress for stack [shop]',
      }),
    );
    expect(report.drift[0]).toMatchObject({ state: 'in-sync', is_new: true });
    expect(operations.filter(name => name === 'DetectStackDrift')).toHaveLength(2);
  });

  test('a detection that does not end in time: the last known state, and the deadline', async () => {
    const lastDrift = { status: 'IN_SYNC', checkedAt: Date.now() - 3_600_000 };
    const { report, run } = await ask({ drift: MODIFIED, lastDrift, detectionLooks: 99 }, [
      '--drift',
      '--timeout',
      '3s',
    ]);
    expect(report.drift[0]).toMatchObject({ state: 'in-sync', is_new: false });
    expect(report.complete).toBe(false);
    expect(run.code).toBe(8);
  });

  test('a detection that failed in part tells what it has', async () => {
    const { report, run } = await ask(
      { drift: MODIFIED, detectionFailure: 'Failed to detect drift on resource [Q1]' },
      ['--drift'],
    );
    expect(report.drift[0]).toMatchObject({ state: 'modified', is_new: true });
    expect(report.drift[0]?.notes).toEqual([
      'the look failed in part: Failed to detect drift on resource [Q1]',
    ]);
    expect(report.complete).toBe(false);
    expect(run.code).toBe(8);
  });

  test('a type that CloudFormation cannot look at, and a resource that is gone', async () => {
    const unsupported = await ask({ drift: { status: 'UNSUPPORTED' } }, ['--drift']);
    expect(unsupported.report.drift[0]).toMatchObject({ state: 'unsupported', is_new: false });
    expect(unsupported.run.code).toBe(0);
    const gone = await ask({ drift: { status: 'DELETED' } }, ['--drift']);
    expect(gone.report.drift[0]).toMatchObject({ state: 'deleted' });
  });

  test('the stack by the tags of the resource, where CloudFormation does not list it by name', async () => {
    const { report } = await ask({ drift: MODIFIED }, ['--drift'], (server, { truth }) => {
      const id = 'arn:aws:cloudformation:eu-west-1:111122223333:stack/tagged/1';
      const drift = { status: 'IN_SYNC' };
      server.state.stacks.clear();
      server.state.stacks.set('tagged', {
        id,
        resources: [{ logicalId: 'Fn', physicalId: 'another', type: 'AWS::Lambda::Function', drift }],
      });
      const tags = { 'aws:cloudformation:stack-id': id, 'aws:cloudformation:logical-id': 'Fn' };
      fillConfig(
        server,
        truth.items.map(item => ({ ...item, tags })),
      );
    });
    expect(report.drift[0]).toMatchObject({ stack: 'tagged', found_by: 'tags', state: 'in-sync' });
  });

  test('the stack by the name in the tags, where they have no id', async () => {
    const { report } = await ask({ drift: MODIFIED }, ['--drift'], (server, { truth }) => {
      const drift = { status: 'IN_SYNC' };
      server.state.stacks.clear();
      server.state.stacks.set('tagged', {
        resources: [{ logicalId: 'Fn', physicalId: 'another', type: 'AWS::Lambda::Function', drift }],
      });
      const tags = { 'aws:cloudformation:stack-name': 'tagged', 'aws:cloudformation:logical-id': 'Fn' };
      fillConfig(
        server,
        truth.items.map(item => ({ ...item, tags })),
      );
    });
    expect(report.drift[0]).toMatchObject({ stack: 'tagged', found_by: 'tags', state: 'in-sync' });
  });

  test("the stack by its marker's label, the latest first, where nothing else tells", async () => {
    const { report, bodies } = await ask({ drift: MODIFIED }, ['--drift'], async (server, scene) => {
      hideOwner(server);
      server.state.stacks.set('other', {
        resources: [{ logicalId: 'Fn', physicalId: 'another', type: 'AWS::Lambda::Function' }],
      });
      await labelMarkers(scene, 'gone', 'shop', 'other');
    });
    expect(report.drift[0]).toMatchObject({ stack: 'shop', found_by: 'marker', state: 'modified' });
    const asked = bodies
      .filter(body => body.includes('Action=DescribeStackResources&'))
      .map(body => new URLSearchParams(body).get('StackName') ?? 'by its name');
    expect(asked).toEqual(['by its name', 'other', 'shop']);
  });

  test('a label that names a stack without the component makes it no owner', async () => {
    const { report } = await ask({ drift: MODIFIED }, [], async (server, scene) => {
      hideOwner(server);
      server.state.stacks.set('other', {
        resources: [{ logicalId: 'Fn', physicalId: 'another', type: 'AWS::Lambda::Function' }],
      });
      await labelMarkers(scene, 'other');
    });
    expect(report.drift).toEqual([]);
    expect(JSON.stringify(report.gaps)).toContain('no stack is known to own');
  });

  test('no stack owns it', async () => {
    const { report, run } = await ask({}, ['--drift'], server => server.state.stacks.clear());
    expect(report.drift).toEqual([]);
    expect(report.gaps).toContainEqual(
      expect.objectContaining({
        message: expect.stringContaining('no stack is known to own'),
        incomplete: false,
      }),
    );
    expect(run.code).toBe(0);
  });

  test('a whole stack: what is not in sync, and nested stacks are named', () =>
    withAwsServer(async server => {
      if (STORY === undefined) return;
      const scene = await recordedScene(STORY);
      const nested = 'arn:aws:cloudformation:eu-west-1:111122223333:stack/shop-Inner-1/2';
      server.state.stacks.set('shop', {
        resources: [
          { logicalId: 'Fn', physicalId: 'fn', type: 'AWS::Lambda::Function', drift: MODIFIED },
          { logicalId: 'Q', physicalId: 'q', type: 'AWS::SQS::Queue', drift: { status: 'IN_SYNC' } },
          { logicalId: 'Inner', physicalId: nested, type: 'AWS::CloudFormation::Stack' },
        ],
      });
      fillConfig(server, []);
      const args = ['investigate', 'stack:shop', '--changes', 'logs', '--drift', '--json'];
      const run = await runCli(args, { cwd: scene.folder, env: server.env() });
      const report: Investigation = JSON.parse(run.stdout);
      expect(report.drift[0]).toMatchObject({ found_by: 'component', state: 'modified', is_new: true });
      expect(report.drift[0]?.resources.map(({ logical_id }) => logical_id)).toEqual(['Fn']);
      expect(report.drift[0]?.notes[0]).toContain('stack:shop-Inner-1');
    }));
});
