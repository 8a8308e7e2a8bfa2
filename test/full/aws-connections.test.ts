import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openStackResources } from '../../src/aws/cloudformation/stack-resources.ts';
import { createLogMarkers } from '../../src/aws/logs/log-markers.ts';
import { openS3Object } from '../../src/aws/s3/s3-object.ts';
import { createSnsNotice } from '../../src/aws/sns/sns-notice.ts';
import { type AwsServer, startAwsServer } from '../fakes/aws-server.ts';

const TOPIC = 'arn:aws:sns:eu-west-1:111122223333:deploys';
const NOTICE = { subject: 'one', text: 'two' };
const { signal } = new AbortController();
const range = { from: Date.now() - 1000, until: Date.now() };

let server: AwsServer;
beforeEach(async () => {
  server = await startAwsServer();
  server.state.topics.add(TOPIC);
  server.state.stacks.set('shop', { resources: [] });
  server.state.buckets.set('acme', { objects: new Map() });
  server.state.logGroups.set('/deploys', { streams: new Map() });
  for (const [name, value] of Object.entries(server.env())) vi.stubEnv(name, value);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server.close();
});

/** Both ends of connections are in this process; those that wait for a next request would be kept for seconds. */
const openSockets = (): number =>
  process.getActiveResourcesInfo().filter(name => name === 'TCPSocketWrap').length;

const region = 'eu-west-1';
const work = {
  SNS: async () => createSnsNotice({ topicArn: TOPIC, env: server.env() })(NOTICE),
  CloudFormation: async () => openStackResources({ region, env: server.env() })('shop', signal),
  S3: async () => openS3Object({ region, env: server.env(), address: { bucket: 'acme', key: 'x' } }).read(),
  async 'CloudWatch Logs'() {
    const source = createLogMarkers({ region, env: server.env(), logGroup: '/deploys' });
    await source.read(range, () => {}, { signal });
  },
};

test.each(Object.entries(work))('connections to %s are closed once it has answered', async (_, call) => {
  await call();
  expect(server.requests).toHaveLength(1);
  await expect.poll(openSockets, { timeout: 1000 }).toBe(0);
});
