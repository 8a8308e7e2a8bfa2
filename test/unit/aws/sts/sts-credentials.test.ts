import { expect, test } from 'vitest';
import { toAwsCredentials } from '../../../../src/aws/sts/sts-credentials.ts';

const GIVEN = {
  AccessKeyId: 'ASIAEXAMPLE',
  SecretAccessKey: 'wJalr/K7+x=',
  SessionToken: 'IQoJb3JpZ2lu/+==',
  Expiration: new Date('2026-11-28T12:00:00Z'),
};

test('credentials are read', () => {
  expect(toAwsCredentials({ Credentials: GIVEN }, 'AssumeRole')).toEqual({
    accessKeyId: 'ASIAEXAMPLE',
    secretAccessKey: 'wJalr/K7+x=',
    sessionToken: 'IQoJb3JpZ2lu/+==',
    expiration: GIVEN.Expiration,
  });
});

test.each([
  { ...GIVEN, AccessKeyId: 'x\n::add-mask::prod' },
  { ...GIVEN, SecretAccessKey: 'x\u009b2J' },
  { ...GIVEN, SessionToken: 'x\u202e' },
])('%j are no credentials', given => {
  expect(() => toAwsCredentials({ Credentials: given }, 'AssumeRole')).toThrow(
    expect.objectContaining({ code: 'UNEXPECTED_RESPONSE' }),
  );
});
