import { beforeEach, expect, test } from 'vitest';
import { openStackResources } from '../../src/aws/cloudformation/stack-resources.ts';
import { createLogMarkers } from '../../src/aws/logs/log-markers.ts';
import { openStateObject } from '../../src/aws/s3/state-object.ts';
import { createSnsNotice } from '../../src/aws/sns/sns-notice.ts';
import { useAwsServer } from '../fakes/use-aws-server.ts';

const TOPIC = 'arn:aws:sns:eu-west-1:111122223333:deploys';
const NOTICE = { subject: 'one', text: 'two' };
const { signal } = new AbortController();
const range = { from: Date.now() - 1000, until: Date.now() };

const aws = useAwsServer();
beforeEach(() => {
  aws.server.state.topics.add(TOPIC);
  aws.server.state.stacks.set('shop', { resources: [] });
  aws.server.state.buckets.set('acme', { objects: new Map() });
  aws.server.state.logGroups.set('/deploys', { streams: new Map() });
});

/** Both ends of connections are in this process; those that wait for a next request would be kept for seconds. */
const openSockets = (): number =>
  process.getActiveResourcesInfo().filter(name => name === 'TCPSocketWrap').length;

const region = 'eu-west-1';
const work = {
  SNS: async () => createSnsNotice({ topicArn: TOPIC, env: aws.server.env() })(NOTICE),
  CloudFormation: async () => openStackResources({ region, env: aws.server.env() })('shop', signal),
  S3: async () =>
    openStateObject({ region, env: aws.server.env(), address: { bucket: 'acme', key: 'x' } }).read(),
  async 'CloudWatch Logs'() {
    const source = createLogMarkers({ region, env: aws.server.env(), logGroup: '/deploys' });
    await source.read(range, () => {}, { signal });
  },
};

test.each(Object.entries(work))('connections to %s are closed once it has answered', async (_, call) => {
  await call();
  expect(aws.server.requests).toHaveLength(1);
  await expect.poll(openSockets, { timeout: 1000 }).toBe(0);
});
