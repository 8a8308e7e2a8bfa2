import { describe, expect, test } from 'vitest';
import { createLakeSink } from '../../../../src/aws/cloudtrail-data/lake-sink.ts';
import { isDeployMarkerError } from '../../../../src/errors/deploy-marker-error.ts';

const channelArn = 'arn:aws:cloudtrail:eu-west-1:111122223333:channel/0f1e2d3c-4b5a-4687-9a8b-7c6d5e4f3a2b';

function refusalOf(externalId: string): { message: string; shown: string } {
  try {
    createLakeSink({ channelArn, externalId, env: {}, warn: () => {} });
  } catch (error) {
    if (!isDeployMarkerError(error) || error.code !== 'USAGE') throw error;
    return { message: error.message, shown: [error.stack, error.hint, String(error.cause)].join('\n') };
  }
  throw new Error('it is accepted');
}

describe('an external id that the service refuses is not shown', () => {
  const WRONG = 'is none of A-Z a-z 0-9 _ + = , . @ : / -';
  test.each([
    ['Qz7-secret value', `the external id has the length 16; character 11 ${WRONG}`],
    ['Qz7-sécret', `the external id has the length 10; character 6 ${WRONG}`],
    [' Qz7-secret', `the external id has the length 11; character 1 ${WRONG}`],
    ['Qz7-secret\n', `the external id has the length 11; character 11 ${WRONG}`],
    ['Q', 'the external id has the length 1; it must be 2 to 1224'],
    ['Qz7'.repeat(500), 'the external id has the length 1500; it must be 2 to 1224'],
  ])('%j', (externalId, message) => {
    const refusal = refusalOf(externalId);
    expect(refusal.message).toBe(message);
    expect(refusal.shown).not.toContain('Qz7');
  });

  test('one that holds', () => {
    const sink = createLakeSink({ channelArn, externalId: 'a+b=c,d.e@f:g/h', env: {}, warn: () => {} });
    expect(sink.name).toBe('lake');
  });
});
