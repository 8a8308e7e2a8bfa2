import { describe, expect, test } from 'vitest';
import type { AwsServer } from '../../fakes/aws-server.ts';
import { CI_ENVS, emitTo, publishedUuid, SHA, storedMarkers, withAwsServer } from './scene.ts';

const AT = ['--deployed-at', '2025-12-14T08:12:34Z'];

/** UID and deploy id of the marker that a CircleCI step with these flags stores. */
async function emitStep(server: AwsServer, args: readonly string[] = [], env: object = CI_ENVS.circleci) {
  const result = await emitTo(server, args, { env: { ...env } });
  expect(result.code).toBe(0);
  const marker = storedMarkers(server).at(-1);
  return { uid: marker?.['uid'], deploy: marker?.['deploy_id'] };
}

describe.concurrent('a marker’s identity', () => {
  test('is the same for a repeated step, and another for another step, status or component', () =>
    withAwsServer(async server => {
      const first = await emitStep(server);
      const repeated = await emitStep(server, ['--reason', 'again']);
      expect(repeated).toEqual(first);

      const running = await emitStep(server, ['--status', 'running']);
      expect(running.uid).not.toBe(first.uid);
      expect(running.deploy).toBe(first.deploy);

      const otherJob = {
        ...CI_ENVS.circleci,
        CIRCLE_WORKFLOW_JOB_ID: '11110000-0000-4000-8000-000000000000',
      };
      const inOtherJob = await emitStep(server, [], otherJob);
      expect(inOtherJob.uid).not.toBe(first.uid);
      expect(inOtherJob.deploy).toBe(first.deploy);

      const version = await emitStep(server, ['--target-version', '7']);
      expect(version.uid).not.toBe(first.uid);
      expect(version.deploy).toBe(first.deploy);
    }));

  test('differs between environments, and with it the deploy', () =>
    withAwsServer(async server => {
      const prod = await emitStep(server);
      const dev = await emitStep(server, ['--env', 'dev']);
      expect(dev.uid).not.toBe(prod.uid);
      expect(dev.deploy).not.toBe(prod.deploy);
    }));

  test('outside CI follows the time of the deploy', () =>
    withAwsServer(async server => {
      const { uid } = await emitStep(server, AT, {});
      const place = [null, 'eu-west-1', 'prod', 'lambda:resize-image', SHA];
      expect(uid).toBe(publishedUuid([null, '2025-12-14T08:12:34Z', ...place, 'success', null]));
      expect((await emitStep(server, AT, {})).uid).toBe(uid);
      expect((await emitStep(server, ['--deployed-at', '2025-12-14T08:12:35Z'], {})).uid).not.toBe(uid);
    }));

  test('is the idempotency key’s where there is one', () =>
    withAwsServer(async server => {
      const one = await emitStep(server, ['--idempotency-key', 'release-7', ...AT], {});
      const two = await emitStep(server, ['--idempotency-key', 'release-7'], {});
      const three = await emitStep(server, ['--idempotency-key', 'release-8'], {});
      expect(two.uid).toBe(one.uid);
      expect(three.uid).not.toBe(one.uid);
      const place = [null, 'eu-west-1', 'prod', 'lambda:resize-image', SHA];
      expect(one.uid).toBe(publishedUuid([null, 'release-7', ...place, 'success', null]));
    }));

  test('joins the deploy that --deploy-id names', () =>
    withAwsServer(async server => {
      const joined = await emitStep(server, ['--deploy-id', 'release-2025-12', '--status', 'canceled']);
      const plain = await emitStep(server, ['--status', 'canceled']);
      expect(joined).toEqual({ uid: plain.uid, deploy: 'release-2025-12' });
    }));
});
