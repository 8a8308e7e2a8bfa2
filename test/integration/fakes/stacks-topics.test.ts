import { CloudFormationClient, ListStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type AwsServer, startAwsServer } from '../../fakes/aws-server.ts';
import { type Answer, sendRaw, sendSigned } from '../../fakes/signed-client.ts';

const TOPIC = 'arn:aws:sns:eu-central-1:111122223333:deploys';

let server: AwsServer;
beforeEach(async () => {
  server = await startAwsServer();
  for (const [name, value] of Object.entries(server.env())) vi.stubEnv(name, value);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server.close();
});

test('the SDK lists the resources of a stack, by name or id, in pages', async () => {
  const id = 'arn:aws:cloudformation:eu-west-1:111122223333:stack/app/1';
  const resources = Array.from({ length: 150 }, (_, index) => ({
    logicalId: `F${index}`,
    type: 'AWS::Lambda::Function',
  }));
  const last = {
    logicalId: 'Layer',
    physicalId: 'a&b',
    type: 'AWS::Lambda::LayerVersion',
    status: 'UPDATE_COMPLETE',
  };
  server.state.stacks.set('app', { id, resources: [...resources, last] });
  server.state.stacks.set('foreign', { place: '999999999999/eu-west-1', resources });
  const client = new CloudFormationClient({ maxAttempts: 1 });
  const list = (StackName: string, NextToken?: string) =>
    client.send(new ListStackResourcesCommand({ StackName, NextToken }));
  const first = await list(id);
  expect(first.StackResourceSummaries).toHaveLength(100);
  expect(first.StackResourceSummaries?.[0]).not.toHaveProperty('PhysicalResourceId');
  const second = await list(id, first.NextToken);
  expect(second.StackResourceSummaries).toHaveLength(51);
  expect(second.StackResourceSummaries?.[50]).toMatchObject({
    LogicalResourceId: 'Layer',
    PhysicalResourceId: 'a&b',
    ResourceStatus: 'UPDATE_COMPLETE',
    LastUpdatedTimestamp: expect.any(Date),
  });
  expect(second.NextToken).toBeUndefined();
  expect(await list('app')).toMatchObject({ NextToken: expect.any(String) });
  await expect(list('foreign')).rejects.toMatchObject({
    name: 'ValidationError',
    message: 'Stack with id foreign does not exist',
  });
  client.destroy();
  expect(server.violations).toEqual([]);
});

test('the SDK publishes to a topic in its own region', async () => {
  server.state.topics.add(TOPIC);
  const client = new SNSClient({ maxAttempts: 1, region: 'eu-central-1' });
  const message = { TopicArn: TOPIC, Subject: '~'.repeat(100), Message: 'ü'.repeat(131_072) };
  const { MessageId } = await client.send(new PublishCommand(message));
  expect(server.state.published).toEqual([
    { messageId: MessageId, topicArn: TOPIC, subject: message.Subject, message: message.Message },
  ]);
  const publish = (TopicArn: string) => client.send(new PublishCommand({ TopicArn, Message: 'm' }));
  await expect(publish(`${TOPIC}2`)).rejects.toMatchObject({ name: 'NotFoundException' });
  await expect(publish(TOPIC.replace('1111', '9999'))).rejects.toMatchObject({
    name: 'AuthorizationErrorException',
    $metadata: { httpStatusCode: 403 },
  });
  client.destroy();
  expect(server.violations).toEqual([]);
});

describe('what no correct client sends is refused and kept', () => {
  const home = TOPIC.replace('central', 'west');
  const stack = { service: 'cloudformation', Action: 'ListStackResources', Version: '2010-05-15' };
  const sns = { service: 'sns', Action: 'Publish', Version: '2010-03-31', TopicArn: home, Message: 'm' };

  function send(parameters: Record<string, string>): Promise<Answer> {
    const { service = '', ...form } = parameters;
    const body = new URLSearchParams(form).toString();
    return sendSigned(
      server,
      { target: '/', headers: [['content-type', 'application/x-www-form-urlencoded']], body },
      { service },
    );
  }

  const refused: [Record<string, string>, string][] = [
    [stack, 'ValidationError'],
    [{ ...stack, StackName: 'app', NextToken: 'other#100' }, 'ValidationError'],
    [{ ...stack, StackName: 'app', MaxResults: '1' }, 'StrictFakeViolation'],
    [{ ...stack, StackName: 'app', Version: '2011-06-15' }, 'StrictFakeViolation'],
    [{ ...stack, StackName: 'app', service: 'sts' }, 'SignatureDoesNotMatch'],
    [{ ...sns, TopicArn: 'deploys' }, 'InvalidParameter'],
    [{ ...sns, TopicArn: TOPIC }, 'SignatureDoesNotMatch'],
    [{ ...sns, Subject: '~'.repeat(101) }, 'InvalidParameter'],
    [{ ...sns, Subject: 'größe' }, 'InvalidParameter'],
    [{ ...sns, Subject: 'a\nb' }, 'InvalidParameter'],
    [{ ...sns, Subject: '' }, 'InvalidParameter'],
    [{ ...sns, Message: '' }, 'InvalidParameter'],
    [{ ...sns, Message: 'ü'.repeat(131_073) }, 'InvalidParameter'],
    [{ ...sns, PhoneNumber: '+1' }, 'StrictFakeViolation'],
  ];
  test.each(refused)('%o', async (parameters, code) => {
    const { text } = await send(parameters);
    expect(text).toContain(`<Code>${code}</Code>`);
    expect(text).toMatch(/^<ErrorResponse xmlns="https?:\/\/(?:cloudformation|sns)\.amazonaws\.com\//);
    expect(server.violations).toHaveLength(1);
  });

  test('without a signature', async () => {
    const headers = [['content-type', 'application/x-www-form-urlencoded']] as const;
    const { status, text } = await sendRaw(server, { target: '/', headers, body: 'Action=Publish' });
    expect(status).toBe(403);
    expect(text).toContain('<Code>MissingAuthenticationToken</Code>');
  });
});
