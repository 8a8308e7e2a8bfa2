import { expect, test } from 'vitest';
import { KeptRequests } from '../../../../src/commands/trail/requests.ts';
import type { Change } from '../../../../src/core/change/change.ts';
import { createRecordReader } from '../../../../src/core/change/record.ts';
import { PlainRecords } from '../../../../src/io/trail/plain/plain-records.ts';

test('what a plain record asked for is kept as that of one that was parsed, and not its bytes', () => {
  const record = {
    userIdentity: { type: 'Root', accountId: '111122223333' },
    eventSource: 'lambda.amazonaws.com',
    eventName: 'UpdateFunctionConfiguration20150331v2',
    eventTime: '2026-06-01T10:00:00Z',
    eventID: 'e-1',
    readOnly: false,
    recipientAccountId: '111122223333',
    requestParameters: { functionName: 'orders', memorySize: 512 },
  };
  const bytes = Buffer.from(`${JSON.stringify(record)},`);
  const plain = new PlainRecords();
  expect(plain.find(bytes, 0)).toBe(true);
  const [kept, expected] = [plain.read(bytes), record].map(each => {
    const requests = new KeptRequests({ from: 0, until: Number.MAX_SAFE_INTEGER });
    const change = (made: Change, asked: unknown): void => requests.add(made, asked);
    createRecordReader({ services: 'all', isHumanRole: () => false }, { change, chain: () => {} })(each);
    return requests;
  });
  bytes.fill(0);
  expect(expected?.of('e-1')).toBeDefined();
  expect(kept?.of('e-1')).toEqual(expected?.of('e-1'));
});
