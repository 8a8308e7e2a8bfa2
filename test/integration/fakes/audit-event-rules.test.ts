import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AwsServer, startAwsServer } from '../../fakes/aws-server.ts';
import type { AuditEventEntry } from '../../fakes/cloudtrail/audit-event-rules.ts';
import { type Answer, auditEntry, putAuditEvents, sendSigned } from '../../fakes/signed-client.ts';

let server: AwsServer;
beforeEach(async () => {
  server = await startAwsServer();
});
afterEach(() => server.close());

function put(body: unknown, target?: string): Promise<Answer> {
  return sendSigned(server, putAuditEvents(server, body, target));
}

async function firstFailure(entry: AuditEventEntry): Promise<{ errorCode: string; errorMessage: string }> {
  const answer = await put({ auditEvents: [entry] });
  expect(answer.status).toBe(200);
  const { successful, failed } = JSON.parse(answer.text);
  expect(successful).toEqual([]);
  expect(failed).toHaveLength(1);
  expect(failed[0].id).toBe(entry.id);
  expect(server.state.stored).toEqual([]);
  expect(server.violations).toEqual([]);
  return failed[0];
}

describe('events refused under HTTP 200', () => {
  const identity = { type: 'CustomUserIdentity', principalId: 'x' };
  const required = [
    'version',
    'userIdentity',
    'eventSource',
    'eventName',
    'eventTime',
    'UID',
    'recipientAccountId',
  ];
  test.each(required)('FieldNotFound: no %s', async field => {
    const failure = await firstFailure(auditEntry('a', { [field]: undefined }));
    expect(failure).toEqual({
      id: 'a',
      errorCode: 'FieldNotFound',
      errorMessage: `The field ${field} is required.`,
    });
  });

  test.each(['type', 'principalId'])('FieldNotFound: no userIdentity.%s', async field => {
    const failure = await firstFailure(
      auditEntry('a', { userIdentity: { ...identity, [field]: undefined } }),
    );
    expect(failure.errorCode).toBe('FieldNotFound');
    expect(failure.errorMessage).toContain(`userIdentity.${field}`);
  });

  const limits: [string, number][] = [
    ['version', 256],
    ['userAgent', 1024],
    ['eventSource', 1024],
    ['eventName', 1024],
    ['UID', 1024],
    ['errorCode', 256],
    ['errorMessage', 256],
  ];
  test.each(limits)('FieldTooLong: %s over %i characters', async (field, max) => {
    const failure = await firstFailure(auditEntry('a', { [field]: 'é'.repeat(max + 1) }));
    expect(failure.errorCode).toBe('FieldTooLong');
    const fits = await put({ auditEvents: [auditEntry('b', { [field]: 'é'.repeat(max) })] });
    expect(JSON.parse(fits.text).failed).toEqual([]);
  });

  test.each([
    ['type', 128],
    ['principalId', 1024],
  ] as const)('FieldTooLong: userIdentity.%s over %i characters', async (field, max) => {
    const failure = await firstFailure(
      auditEntry('a', { userIdentity: { ...identity, [field]: 'x'.repeat(max + 1) } }),
    );
    expect(failure.errorCode).toBe('FieldTooLong');
  });

  const sizes: [string, number][] = [
    ['requestParameters', 100_000],
    ['responseElements', 100_000],
    ['additionalEventData', 28_000],
  ];
  test.each(sizes)('FieldTooLong: %s over %i bytes', async (field, max) => {
    const ofSize = (bytes: number) => ({ k: 'x'.repeat(bytes - '{"k":""}'.length) });
    const failure = await firstFailure(auditEntry('a', { [field]: ofSize(max + 1) }));
    expect(failure.errorCode).toBe('FieldTooLong');
    const fits = await put({ auditEvents: [auditEntry('b', { [field]: ofSize(max) })] });
    expect(JSON.parse(fits.text).failed).toEqual([]);
  });

  test('FieldTooLong: an event over 256 kB, counted in bytes', async () => {
    const { eventData } = auditEntry('a');
    const padded = (bytes: number) => ({
      id: 'a',
      eventData: eventData + ' '.repeat(bytes - eventData.length),
    });
    const failure = await firstFailure(padded(256_001));
    expect(failure.errorCode).toBe('FieldTooLong');
    const fits = await put({ auditEvents: [padded(256_000)] });
    expect(JSON.parse(fits.text).failed).toEqual([]);
  });

  test('InvalidChecksum: anything but the base64 SHA-256 of the eventData sent', async () => {
    const entry = auditEntry('a');
    const digest = (text: string) => createHash('sha256').update(text);
    const failure = await firstFailure({
      ...entry,
      eventDataChecksum: digest(entry.eventData).digest('hex'),
    });
    expect(failure.errorCode).toBe('InvalidChecksum');
    const eventDataChecksum = digest(entry.eventData).digest('base64');
    const right = await put({ auditEvents: [{ ...entry, eventDataChecksum }] });
    expect(JSON.parse(right.text).failed).toEqual([]);
  });

  const invalid: [string, { id: string; eventData: string }][] = [
    ['not JSON', { id: 'a', eventData: '{' }],
    ['a JSON array', { id: 'a', eventData: '[]' }],
    ['a number where a string must be', auditEntry('a', { version: 1 })],
    ['null where a string must be', auditEntry('a', { userAgent: null })],
    ['a string where an object must be', auditEntry('a', { requestParameters: '{}' })],
    ['an array where an object must be', auditEntry('a', { additionalEventData: [] })],
    ['eventTime with milliseconds', auditEntry('a', { eventTime: '2026-11-22T08:12:34.000Z' })],
    ['eventTime with an offset', auditEntry('a', { eventTime: '2026-11-22T08:12:34+00:00' })],
    ['eventTime that does not exist', auditEntry('a', { eventTime: '2026-02-30T08:12:34Z' })],
    ['a host name as address', auditEntry('a', { sourceIPAddress: 'localhost' })],
    ['a field outside the schema', auditEntry('a', { uid: 'x' })],
    ['a field outside userIdentity', auditEntry('a', { userIdentity: { ...identity, arn: 'x' } })],
  ];
  test.each(invalid)('InvalidData: %s', async (_name, entry) => {
    const failure = await firstFailure(entry);
    expect(failure.errorCode).toBe('InvalidData');
  });

  test('all optional fields, in their right form, are accepted', async () => {
    const all = {
      userAgent: 'deploy-marker/1',
      eventTime: '2026-11-22T08:12:34',
      responseElements: {},
      errorCode: 'X',
      errorMessage: 'x',
      sourceIPAddress: '2001:db8::1',
      additionalEventData: { list: [1] },
    };
    const answer = await put({ auditEvents: [auditEntry('a', all)] });
    expect(JSON.parse(answer.text).failed).toEqual([]);
    expect(server.state.stored[0]?.event).toMatchObject(all);
  });

  test('InvalidRecipient: another account than the one that owns the channel', async () => {
    const failure = await firstFailure(auditEntry('a', { recipientAccountId: '999999999999' }));
    expect(failure.errorCode).toBe('InvalidRecipient');
  });

  test('InvalidEventSource and AccountNotSubscribed, where the channel is set up so', async () => {
    const arn = server.state.defaultChannelArn;
    server.state.channels.set(arn, { arn, eventSources: ['other.internal'] });
    expect(await firstFailure(auditEntry('a'))).toMatchObject({ errorCode: 'InvalidEventSource' });
    server.state.channels.set(arn, { arn, subscribed: false });
    expect(await firstFailure(auditEntry('a'))).toMatchObject({ errorCode: 'AccountNotSubscribed' });
  });
});
