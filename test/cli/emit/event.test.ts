import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { makeFolder, runCli } from '../run-cli.ts';
import { CI_ENVS, emitRecords, emitTo, publishedUuid, SHA, storedMarkers, withAwsServer } from './scene.ts';

const ROLE = 'arn:aws:iam::123456789012:role/deploy';
const packageText = await readFile(new URL('../../../package.json', import.meta.url), 'utf8');
const { version } = JSON.parse(packageText);

describe.concurrent('the audit event in CloudTrail Lake', () => {
  test('of a CircleCI job, field by field', () =>
    withAwsServer(async server => {
      const began = Math.floor(Date.now() / 1000) * 1000;
      const flags = [
        ...['--deployed-at', '2025-12-14T17:12:34+09:00', '--started-at', '2025-12-14T08:05:10.9Z'],
        ...['--workflow', 'deploy-prod', '--label', 'team=billing', '--label', 'cost.center=a=b'],
        ...['--kind', 'hotfix', '--target-version', '42', '--previous-git-sha', 'FEDCBA9'],
        ...['--reason', 'OPS-123', '--approved-by', 'lee', '--url', 'https://example.com/run/1'],
      ];
      const env = {
        ...CI_ENVS.circleci,
        DEPLOY_MARKER_ROLE_ARN: ROLE,
        ROLE_SESSION_NAME: 'ci-prod-sam-deploy-a1b2c3d',
      };
      const result = await emitTo(server, flags, { env });
      expect(result).toMatchObject({ code: 0, stderr: '' });

      const place = ['123456789012', 'eu-west-1', 'prod', 'lambda:resize-image', SHA];
      const uid = publishedUuid(['circleci', env.CIRCLE_WORKFLOW_JOB_ID, ...place, 'success', '42']);
      const [stored] = server.state.stored;
      expect(server.state.stored).toHaveLength(1);
      const recordedAt = storedMarkers(server)[0]?.['recorded_at'] ?? '';
      expect(recordedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      expect(Date.parse(recordedAt)).toBeGreaterThanOrEqual(began);
      expect(Date.parse(recordedAt)).toBeLessThanOrEqual(Date.now());
      expect(stored?.id).toBe(uid);
      expect(stored?.event).toEqual({
        version: '1.0',
        UID: uid,
        userIdentity: {
          type: 'CustomUserIdentity',
          principalId: 'circleci',
          details: {
            triggered_by: 'kim',
            repository: 'acme/app',
            ref: 'main',
            run_id: env.CIRCLE_WORKFLOW_ID,
            workflow: 'deploy-prod',
            job: 'sam-deploy',
            url: 'https://example.com/run/1',
          },
        },
        userAgent: `deploy-marker/${version} circleci`,
        eventSource: 'deploymarker.internal',
        eventName: 'DeployMarker',
        eventTime: '2025-12-14T08:12:34Z',
        requestParameters: {
          uid,
          deploy_id: publishedUuid(['circleci', env.CIRCLE_WORKFLOW_ID, ...place]),
          env: 'prod',
          component: 'lambda:resize-image',
          account: '123456789012',
          region: 'eu-west-1',
          git_sha: SHA,
          status: 'success',
          kind: 'hotfix',
          started_at: '2025-12-14T08:05:10Z',
          deployed_at: '2025-12-14T08:12:34Z',
          recorded_at: recordedAt,
          actor: 'circleci',
          triggered_by: 'kim',
          repository: 'acme/app',
          ref: 'main',
          run_id: env.CIRCLE_WORKFLOW_ID,
          workflow: 'deploy-prod',
          job: 'sam-deploy',
          role_session_name: 'ci-prod-sam-deploy-a1b2c3d',
          role_arn: ROLE,
          target_version: '42',
          previous_git_sha: 'fedcba9',
          reason: 'OPS-123',
          approved_by: 'lee',
          url: 'https://example.com/run/1',
          'label.team': 'billing',
          'label.cost.center': 'a=b',
        },
        recipientAccountId: '111122223333',
      });
      expect(result.stdout).toBe(`stored in lake: lambda:resize-image uid=${uid} event=${stored?.eventID}\n`);
    }));

  test('carries a checksum of the very bytes, also of text outside ASCII', () =>
    withAwsServer(async server => {
      const result = await emitTo(server, ['--reason', 'größe/𝛼 "\' \u2028 \\']);
      expect(result.code).toBe(0);
      expect(storedMarkers(server)[0]?.['reason']).toBe('größe/𝛼 "\' \u2028 \\');
      const [entry] = JSON.parse(server.requests[0]?.bodyText ?? '').auditEvents;
      expect(entry.eventDataChecksum).toBe(createHash('sha256').update(entry.eventData).digest('base64'));
    }));

  test.each([
    ['circleci', { run_id: CI_ENVS.circleci.CIRCLE_WORKFLOW_ID, job: 'sam-deploy' }],
    ['github', { run_id: '1658821493-2', workflow: 'Deploy', job: 'deploy' }],
    ['gitlab', { run_id: '1000', job: 'deploy', url: 'https://gitlab.com/acme/app/-/jobs/50' }],
    ['buildkite', { run_id: CI_ENVS.buildkite.BUILDKITE_BUILD_ID, workflow: 'app', job: 'deploy' }],
  ] as const)('takes the facts of %s', (system, facts) =>
    withAwsServer(async server => {
      const flags = ['emit', '--env', 'prod', '--component', 'lambda:a'];
      const result = await runCli([...flags, '--channel-arn', server.state.defaultChannelArn], {
        env: { ...server.env(), ...CI_ENVS[system] },
      });
      expect(result).toMatchObject({ code: 0, stderr: '' });
      expect(storedMarkers(server)[0]).toMatchObject({
        ...facts,
        actor: system,
        git_sha: SHA,
        ref: 'main',
        repository: 'acme/app',
        triggered_by: 'kim',
      });
      expect(server.state.stored[0]?.event['userAgent']).toBe(`deploy-marker/${version} ${system}`);
    }),
  );

  test('outside CI has no facts but the given ones, and the user as actor', () =>
    withAwsServer(async server => {
      const result = await emitTo(server, [], { env: { USER: 'kim' } });
      expect(result.code).toBe(0);
      expect(Object.keys(storedMarkers(server)[0] ?? {})).toEqual([
        ...['uid', 'deploy_id', 'env', 'component', 'region', 'git_sha', 'status', 'kind'],
        ...['deployed_at', 'recorded_at', 'actor'],
      ]);
      expect(server.state.stored[0]?.event).toMatchObject({
        userAgent: `deploy-marker/${version}`,
        userIdentity: { principalId: 'kim', details: {} },
      });
    }));

  test('of a deploy that has only begun has no end, and the time it was recorded', () =>
    withAwsServer(async server => {
      expect((await emitTo(server, ['--status', 'running'])).code).toBe(0);
      const [marker] = storedMarkers(server);
      expect(marker).not.toHaveProperty('deployed_at');
      expect(server.state.stored[0]?.event['eventTime']).toBe(marker?.['recorded_at']);
    }));

  test('is one request for several components, and an ARN tells its own account and Region', () =>
    withAwsServer(async server => {
      const arn = 'arn:aws:lambda:us-east-2:999988887777:function:thumbnail';
      const flags = ['--component', 'layer:fonts', '--component', arn, '--account', '123456789012'];
      const result = await emitTo(server, flags);
      expect(result.code).toBe(0);
      expect(server.requests).toHaveLength(1);
      expect(
        storedMarkers(server).map(({ component, account, region }) => [component, account, region]),
      ).toEqual([
        ['lambda:resize-image', '123456789012', 'eu-west-1'],
        ['layer:fonts', '123456789012', 'eu-west-1'],
        [arn, '999988887777', 'us-east-2'],
      ]);
      expect(result.stdout.trim().split('\n')).toHaveLength(3);
    }));

  test('is signed for the Region of the channel, whatever AWS_REGION says', () =>
    withAwsServer(
      async server => {
        const result = await emitTo(server, [], { env: { AWS_REGION: 'eu-west-1' } });
        expect(result.code).toBe(0);
        expect(server.requests[0]?.scope?.region).toBe('us-west-2');
        expect(storedMarkers(server)[0]?.['region']).toBe('eu-west-1');
      },
      { region: 'us-west-2' },
    ));

  test('goes with the external id and the event source that are asked for', () =>
    withAwsServer(async server => {
      const arn = server.state.defaultChannelArn;
      server.state.channels.set(arn, { arn, externalId: 'a+b=c,d.e@f:g/h', eventSources: ['shop.example'] });
      const flags = ['--external-id', 'a+b=c,d.e@f:g/h', '--event-source', 'shop.example'];
      expect(await emitTo(server, flags)).toMatchObject({ code: 0 });
      expect(server.state.stored[0]?.event['eventSource']).toBe('shop.example');
    }));

  test('says who we are in the user agent of the request', () =>
    withAwsServer(async server => {
      await emitTo(server);
      expect(server.requests[0]?.headers['user-agent']).toContain(`deploy-marker/${version}`);
    }));

  test('asks git for the commit where CI does not tell it', () =>
    withAwsServer(async server => {
      const cwd = await makeFolder();
      const git = (...args: string[]) => promisify(execFile)('git', args, { cwd });
      await git('init', '--quiet');
      const author = ['-c', 'user.name=kim', '-c', 'user.email=kim@example.com'];
      await git(...author, 'commit', '--quiet', '--allow-empty', '--message', 'first');
      const { stdout: head } = await git('rev-parse', 'HEAD');
      const flags = ['--env', 'prod', '--component', 'lambda:a'];
      expect((await emitRecords(server, flags, { cwd })).code).toBe(0);
      expect(storedMarkers(server)[0]?.['git_sha']).toBe(head.trim());
    }));
});
