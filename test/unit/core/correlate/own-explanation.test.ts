import { describe, expect, test } from 'vitest';
import type { Actor } from '../../../../src/core/change/change.ts';
import { isOwnExplanation } from '../../../../src/core/correlate/own-explanation.ts';
import type { Marker } from '../../../../src/core/marker/marker.ts';
import { sampleMarker } from '../marker/sample-marker.ts';

const user: Partial<Actor> = { kind: 'iam-user', name: 'arn:aws:iam::111122223333:user/ops/Eve' };
const session: Partial<Actor> = {
  kind: 'identity-center',
  name: 'arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Admin_1/eve@example.com',
  role: 'AWSReservedSSO_Admin_1',
  session: 'eve@example.com',
};

function isOwn(actor: Partial<Actor>, fields: Partial<Marker>): boolean {
  const told = { actor: 'circleci', triggered_by: 'jane', role_session_name: 'ci-prod-a1b2c3d', ...fields };
  const whole: Actor = {
    kind: 'unknown',
    name: '?',
    account: undefined,
    role: undefined,
    session: undefined,
    accessKeyId: undefined,
    via: undefined,
    ...actor,
  };
  return isOwnExplanation(sampleMarker(told), whole);
}

describe('an explanation is one’s own', () => {
  test.each<[string, Partial<Actor>, Partial<Marker>]>([
    ['who names the user', user, { actor: 'eve' }],
    ['in another case', user, { actor: ' EVE ' }],
    ['by the ARN', user, { actor: 'arn:aws:iam::111122223333:user/ops/Eve' }],
    ['by who started the run', user, { triggered_by: 'eve' }],
    ['by the e-mail address of a user', user, { actor: 'eve@example.com' }],
    ['by the session', session, { actor: 'eve@example.com' }],
    ['by the name before the @', session, { actor: 'Eve' }],
    ['by the session that recorded it', session, { role_session_name: 'eve@example.com' }],
    ['by the ARN of the session', session, { triggered_by: session.name ?? '' }],
    ['of a root user', { name: 'arn:aws:iam::111122223333:root' }, { actor: 'root' }],
  ])('%s', (_, actor, fields) => {
    expect(isOwn(actor, fields)).toBe(true);
  });

  test.each<[string, Partial<Actor>, Partial<Marker>]>([
    ['of somebody else', user, {}],
    ['of a name that only begins alike', user, { actor: 'eve2' }],
    ['of whoever approved it', user, { approved_by: 'eve' }],
    ['of the role', session, { actor: 'AWSReservedSSO_Admin_1' }],
    ['of an actor without a name', { name: '' }, {}],
  ])('but not %s', (_, actor, fields) => {
    expect(isOwn(actor, fields)).toBe(false);
  });
});
