import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readActor } from '../../../../src/core/change/actor.ts';
import { createActorReader } from '../../../../src/core/change/actor-reader.ts';

const ACCOUNT = '111122223333';
const maybe = <T>(values: readonly T[]): fc.Arbitrary<T | undefined> => fc.constantFrom(undefined, ...values);

const record = fc.record({
  eventSource: fc.constantFrom('lambda.amazonaws.com', 's3.amazonaws.com'),
  eventType: maybe(['AwsApiCall', 'AwsServiceEvent', 'AwsConsoleAction']),
  sourceIPAddress: maybe(['192.0.2.1', 'cloudformation.amazonaws.com', 'codedeploy.amazonaws.com']),
  sessionCredentialFromConsole: maybe(['true', 'false']),
  userIdentity: fc
    .tuple(
      // An ARN has one principal id.
      fc.constantFrom(
        { arn: `arn:aws:sts::${ACCOUNT}:assumed-role/deploy/ci`, principalId: 'AROA1:ci' },
        { arn: `arn:aws:iam::${ACCOUNT}:user/eve`, principalId: 'AIDA1' },
        { principalId: 'AROA2:ci' },
        { principalId: ACCOUNT },
        {},
      ),
      fc.record({
        type: maybe(['AssumedRole', 'IAMUser', 'AWSAccount']),
        accessKeyId: maybe(['ASIA1', 'ASIA2', 'ASIA3', 'ASIA4', 'ASIA5', 'ASIA6']),
        invokedBy: maybe(['cloudformation.amazonaws.com']),
        onBehalfOf: maybe([{ userId: 'u1' }, { userId: 'u2' }]),
      }),
    )
    .map(([who, how]) => ({ ...who, ...how })),
});

test('one object stands for equal actors, and for no others, however many keys a caller has', () => {
  const isHumanRole = (): boolean => false;
  fc.assert(
    fc.property(fc.array(record, { maxLength: 200, size: 'max' }), records => {
      const actorOf = createActorReader(isHumanRole);
      for (const each of records) expect(actorOf(each)).toEqual(readActor(each, isHumanRole));
    }),
  );
  const actorOf = createActorReader(isHumanRole);
  const told = {
    userIdentity: { type: 'AssumedRole', arn: `arn:aws:sts::${ACCOUNT}:assumed-role/deploy/ci` },
  };
  expect(actorOf({ ...told })).toBe(actorOf({ ...told }));
});
