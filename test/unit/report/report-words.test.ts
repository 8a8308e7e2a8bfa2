import { expect, test } from 'vitest';
import { describeActor } from '../../../src/report/report-words.ts';

const ARN = 'arn:aws:sts::111122223333:assumed-role/deploy/eve';

test.each([
  [{ kind: 'session', name: ARN, role: 'deploy', session: 'eve' }, 'deploy/eve'],
  [{ kind: 'console', name: ARN, role: 'deploy', session: 'eve' }, 'deploy/eve (console)'],
  [
    { kind: 'iam-user', name: 'the user AIDA1 in the account 9' },
    'the user AIDA1 in the account 9 (iam-user)',
  ],
  [
    { kind: 'session', name: 'session ci of the role AROA1 in the account 9', session: 'ci' },
    'session ci of the role AROA1 in the account 9',
  ],
  [{ kind: 'service', name: 'ecr', via: 'ecr' }, 'ecr'],
] as const)('%j is told as %s', (actor, text) => expect(describeActor(actor)).toBe(text));
