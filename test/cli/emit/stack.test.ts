import { mkdtemp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { AwsServer } from '../../fakes/aws-server.ts';
import { errorOf, makeFolder, runCli } from '../run-cli.ts';
import { emitRecords, SHA, storedMarkers, withAwsServer } from './scene.ts';

const FLAGS = ['--env', 'prod', '--git-sha', SHA, '--stack', 'billing'];
const ROLE = 'arn:aws:iam::444455556666:role/deploy';

function addStack(server: AwsServer, name = 'billing'): void {
  server.state.stacks.set(name, {
    resources: [
      { logicalId: 'Resize', type: 'AWS::Lambda::Function', physicalId: `${name}-Resize-1A` },
      {
        logicalId: 'Pillow',
        type: 'AWS::Lambda::LayerVersion',
        physicalId: `arn:aws:lambda:eu-west-1:111122223333:layer:${name}-pillow:7`,
      },
      { logicalId: 'Role', type: 'AWS::IAM::Role', physicalId: `${name}-role` },
      { logicalId: 'Allow', type: 'AWS::Lambda::Permission', physicalId: `${name}-Allow-1B` },
    ],
  });
}

const partsOf = (server: AwsServer) =>
  storedMarkers(server).map(({ component, target_version, 'label.stack': stack }) => [
    component,
    target_version,
    stack,
  ]);

describe.concurrent('emit --stack', () => {
  test('gives a marker for the stack and for each resource in it that has a name, with the label stack, and tells the others', () =>
    withAwsServer(async server => {
      addStack(server);
      const env = { DEPLOY_MARKER_ROLE_ARN: ROLE };
      const result = await emitRecords(server, [...FLAGS, '--label', 'team=billing'], { env });
      expect(result).toMatchObject({
        code: 0,
        stderr: 'note: 1 resource of billing got no marker of its own: AWS::Lambda::Permission\n',
      });
      expect(partsOf(server)).toEqual([
        ['stack:billing', undefined, 'billing'],
        ['lambda:billing-Resize-1A', undefined, 'billing'],
        ['layer:billing-pillow', '7', 'billing'],
        ['iam:billing-role', undefined, 'billing'],
      ]);
      for (const marker of storedMarkers(server)) {
        expect(marker).toMatchObject({
          account: '444455556666',
          region: server.state.region,
          role_arn: ROLE,
          'label.team': 'billing',
        });
      }
    }));

  test('goes together with --component, --target-version and another stack; nothing comes twice', () =>
    withAwsServer(async server => {
      addStack(server);
      addStack(server, 'mail');
      const more = ['--component', 'lambda:other', '--component', 'lambda:billing-Resize-1A'];
      const flags = [...FLAGS, '--stack', 'mail', ...more, '--target-version', 'v9', '--json'];
      const result = await emitRecords(server, flags);
      expect(result.code).toBe(0);
      expect(partsOf(server)).toEqual([
        ['lambda:other', 'v9', undefined],
        ['lambda:billing-Resize-1A', 'v9', 'billing'],
        ['stack:billing', 'v9', 'billing'],
        ['layer:billing-pillow', 'v9', 'billing'],
        ['iam:billing-role', 'v9', 'billing'],
        ['stack:mail', 'v9', 'mail'],
        ['lambda:mail-Resize-1A', 'v9', 'mail'],
        ['layer:mail-pillow', 'v9', 'mail'],
        ['iam:mail-role', 'v9', 'mail'],
      ]);
    }));

  test('asks in the Region that was deployed to, with the credentials of the deploy', () =>
    withAwsServer(async server => {
      addStack(server);
      server.state.histories.set(`${server.state.accountId}/eu-north-1`, []);
      const flags = [...FLAGS, '--sink-role-arn', 'arn:aws:iam::999988887777:role/markers'];
      const result = await emitRecords(server, [...flags, '--region', 'eu-north-1']);
      // The stack is in another Region, and no role was assumed for asking.
      expect(errorOf(result)).toMatchObject({
        code: 'STACK_NOT_FOUND',
        message: 'there is no stack billing in eu-north-1',
        hint: 'check --stack, and Region and account of the credentials',
      });
      expect(result.code).toBe(5);
      expect(server.requests.map(({ operation }) => operation)).toEqual(['ListStackResources']);
    }));

  test('that is denied or hangs sends nothing; --on-error forgives it', () =>
    withAwsServer(async server => {
      addStack(server);
      server.faults.add('ListStackResources', { kind: 'denied' }, 2);
      const denied = await emitRecords(server, FLAGS);
      expect(denied.code).toBe(3);
      expect(errorOf(denied).hint).toBe('allow cloudformation:ListStackResources on the stack');
      const forgiven = await emitRecords(server, [...FLAGS, '--on-error', 'warn']);
      expect(forgiven).toMatchObject({ code: 0, stdout: '' });
      expect(forgiven.stderr).toContain('warning: ListStackResources failed: AccessDenied');
      server.faults.add('ListStackResources', { kind: 'hang' });
      const late = await emitRecords(server, [...FLAGS, '--timeout', '1s']);
      expect(late.code).toBe(8);
      expect(server.state.stored).toEqual([]);
    }));

  test('in a dry run asks nobody, and says what is left out', async () => {
    const sink = ['--log-group', '/deploys', '--region', 'eu-west-1', '--dry-run'];
    const result = await runCli(['emit', ...FLAGS, ...sink, '--json']);
    expect(result.code).toBe(0);
    expect(result.stderr).toContain('a dry run does not ask AWS for the resources of billing\n');
    const { requests, notLookedUp } = JSON.parse(result.stdout);
    expect(notLookedUp).toEqual(['billing']);
    expect(requests).toHaveLength(1);
    expect(requests[0].body).toContain('stack:billing');
  });

  test('takes stacks with commas, or one by one', async () => {
    const sink = ['--file', 'm.jsonl', '--dry-run', '--json'];
    const told = async (...stacks: string[]): Promise<string> =>
      (await runCli(['emit', ...FLAGS.slice(0, 4), ...stacks, ...sink])).stderr;
    const both = 'a dry run does not ask AWS for the resources of billing, mail\n';
    expect(await told('--stack', 'billing,mail')).toContain(both);
    expect(await told('--stack', 'billing', '--stack', 'mail')).toContain(both);
  });

  test.each([
    [['--stack', 'arn:aws:cloudformation:eu-west-1:1:stack/a/b'], '--stack must be the name of a stack'],
    [['--label', 'stack=x'], '--stack itself gives its markers the label stack'],
    [['--from', 'm.jsonl'], '--from and --stack exclude each other'],
    [['--explains', '7d2a9f6e-0b1c-4d3e-8f50-61728394a5b6'], '--explains and --stack exclude each other'],
    [[], 'the Region of the stack is not known'],
  ])('with %j is refused', async (flags, message) => {
    const result = await runCli(['emit', ...FLAGS, '--file', 'm.jsonl', ...flags]);
    expect(result.code).toBe(2);
    expect(errorOf(result)).toMatchObject({ code: 'USAGE', message: expect.stringContaining(message) });
  });
});

describe.concurrent('emit --explains', () => {
  const EVENT = '7D2A9F6E-0B1C-4D3E-8F50-61728394A5B6';
  const REASON = ['--reason', 'OPS-9: memory raised by hand'];
  const BASE = ['emit', '--env', 'prod', '--git-sha', SHA, '--file', 'm.jsonl'];

  async function explain(flags: readonly string[]): Promise<Record<string, unknown>> {
    const cwd = await mkdtemp(join(await makeFolder(), 'x'));
    const result = await runCli([...BASE, ...flags], { cwd });
    expect(result.code).toBe(0);
    return JSON.parse(await readFile(join(cwd, 'm.jsonl'), 'utf8'));
  }

  test('records the explanation of a change, which is no deploy', async () => {
    const marker = await explain(['--explains', EVENT, ...REASON]);
    const id = EVENT.toLowerCase();
    expect(marker).toMatchObject({
      component: `change:${id}`,
      status: 'success',
      reason: 'OPS-9: memory raised by hand',
      explains: id,
    });
    expect(marker).not.toHaveProperty('kind');
    const other = await explain([
      '--explains',
      EVENT,
      ...REASON,
      '--component',
      'lambda:a',
      '--kind',
      'hotfix',
    ]);
    expect(other).toMatchObject({ component: 'lambda:a', kind: 'hotfix', explains: id });
    expect(other['uid']).not.toBe(marker['uid']);
  });

  test('needs the reason and the id of an event', async () => {
    const mute = await runCli([...BASE, '--explains', EVENT]);
    expect(mute.code).toBe(2);
    expect(errorOf(mute)).toMatchObject({ code: 'USAGE', message: '--explains needs the explanation' });
    const other = await runCli([...BASE, '--explains', 'yesterday', ...REASON]);
    expect(other.code).toBe(7);
    expect(errorOf(other)).toMatchObject({
      code: 'MARKER_INVALID',
      message: '--explains must be the eventID of a CloudTrail event, a UUID, got "yesterday"',
    });
  });
});
