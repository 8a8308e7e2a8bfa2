import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AwsServer, startAwsServer } from '../../fakes/aws-server.ts';
import { mintAccessKey } from '../../fakes/aws-state.ts';
import { type Answer, auditEntry, putAuditEvents, sendSigned } from '../../fakes/signed-client.ts';

let server: AwsServer;
beforeEach(async () => {
  server = await startAwsServer();
});
afterEach(() => server.close());

function put(body: unknown, target?: string): Promise<Answer> {
  return sendSigned(server, putAuditEvents(server, body, target));
}

function target(query: Record<string, string>): string {
  return `/PutAuditEvents?${new URLSearchParams(query).toString().replaceAll('+', '%20')}`;
}

describe('errors of the whole request that a correct client may meet', () => {
  const good = { auditEvents: [auditEntry('a')] };
  const other = 'arn:aws:cloudtrail:eu-west-1:111122223333:channel/ffffffff-4b5a-4687-9a8b-7c6d5e4f3a2b';

  test.each([
    ['arn:aws:cloudtrail:eu-west-1:111122223333:channel/short', 'InvalidChannelARN'],
    [
      'arn:aws:cloudtrail:eu-west-1:111122223333:eventdatastore/ffffffff-4b5a-4687-9a8b-7c6d5e4f3a2b',
      'InvalidChannelARN',
    ],
    [other, 'ChannelNotFound'],
  ])('%s: %s', async (channelArn, code) => {
    const answer = await put(good, target({ channelArn }));
    expect(answer.status).toBe(400);
    expect(answer.headers['x-amzn-errortype']).toBe(code);
    expect(server.violations).toEqual([]);
  });

  test("the channel's region is the one to sign for", async () => {
    const channelArn = other.replace('eu-west-1', 'ap-northeast-1');
    server.state.channels.set(channelArn, { arn: channelArn });
    const raw = putAuditEvents(server, good, target({ channelArn }));
    const wrong = await sendSigned(server, raw);
    expect(wrong.headers['x-amzn-errortype']).toBe('InvalidSignatureException');
    const right = await sendSigned(server, raw, { region: 'ap-northeast-1' });
    expect(right.status).toBe(200);
  });

  test('an external id that is missing or wrong', async () => {
    const arn = server.state.defaultChannelArn;
    server.state.channels.set(arn, { arn, externalId: 'right' });
    const results = [
      await put(good),
      await put(good, target({ channelArn: arn, externalId: 'wrong' })),
      await put(good, target({ channelArn: arn, externalId: 'right' })),
    ];
    expect(results.map(answer => answer.headers['x-amzn-errortype'])).toEqual([
      'ChannelInsufficientPermission',
      'ChannelInsufficientPermission',
      undefined,
    ]);
  });

  test('a caller of another account', async () => {
    const key = mintAccessKey('arn:aws:iam::999999999999:user/x');
    server.state.keys.set(key.id, key);
    const answer = await sendSigned(server, putAuditEvents(server, good), { key });
    expect(answer.headers['x-amzn-errortype']).toBe('ChannelInsufficientPermission');
  });

  test('the same id twice in one request', async () => {
    const answer = await put({ auditEvents: [auditEntry('a'), auditEntry('b'), auditEntry('a')] });
    expect(answer.status).toBe(400);
    expect(answer.headers['x-amzn-errortype']).toBe('DuplicatedAuditEventId');
    expect(server.state.stored).toEqual([]);
  });
});
