import { describe, expect, test } from 'vitest';
import type { Verdict } from '../../../../src/core/correlate/verdict.ts';
import type { Attestation } from '../../../../src/core/deploy/deploy.ts';
import { ChangeFinding } from '../../../../src/core/findings/change-finding.ts';
import { JudgedChange } from '../../../../src/core/findings/report-entry.ts';
import { sampleMarker } from '../marker/sample-marker.ts';

const VERDICT: Verdict = {
  change: {
    id: 'e1',
    time: Date.parse('2026-06-01T10:03:11.900Z'),
    account: '111122223333',
    region: 'eu-west-1',
    service: 'lambda',
    action: 'UpdateFunctionCode',
    component: 'lambda:orders',
    actor: {
      kind: 'session',
      name: 'arn:aws:sts::111122223333:assumed-role/deploy/joe',
      account: '111122223333',
      role: 'deploy',
      session: 'joe',
      accessKeyId: 'ASIA1',
      via: undefined,
    },
    stack: undefined,
    version: undefined,
  },
  standing: 'unexplained',
  deploys: [],
  note: 'nearly',
};
const PLACE = { account: '111122223333', region: 'eu-west-1', action: 'UpdateFunctionCode' };

test('a finding tells the same in JSON as field by field', () => {
  const finding = new ChangeFinding(VERDICT, 'unexplained-change').weighed({ fails: true, new: false });
  const told = {
    id: 'unexplained-change:e1',
    kind: 'unexplained-change',
    message: `UpdateFunctionCode of lambda:orders is explained by no deploy; it was made by deploy/joe (nearly)`,
    time: '2026-06-01T10:03:11Z',
    component: 'lambda:orders',
    ...PLACE,
    actor: 'arn:aws:sts::111122223333:assumed-role/deploy/joe',
    event_id: 'e1',
    fails: true,
    new: false,
  };
  expect(JSON.parse(JSON.stringify(finding))).toEqual(told);
  expect(finding).toMatchObject({ ...told, accepted: undefined, instant: Date.parse(told.time) });
});

test('what was found is said in a sentence', () => {
  const say = (kind: 'person-change' | 'unexpected-session' | 'coincident-change' | 'ambiguous-change') =>
    new ChangeFinding(VERDICT, kind).message;
  expect(say('person-change')).toBe('UpdateFunctionCode of lambda:orders was made by a person, deploy/joe');
  expect(say('unexpected-session')).toContain('was made by deploy/joe, whose session name does not fit');
  expect(say('coincident-change')).toContain('of a deploy of it, but was made by deploy/joe (nearly)');
  expect(say('ambiguous-change')).toContain('more than one deploy; it was made by deploy/joe (nearly)');
});

test('a change tells the same in JSON as field by field', () => {
  const change = new JudgedChange(VERDICT);
  const { session, role, kind, name } = VERDICT.change.actor;
  const told = {
    event_id: 'e1',
    time: '2026-06-01T10:03:11Z',
    ...PLACE,
    service: 'lambda',
    component: 'lambda:orders',
    actor: { kind, name, role, session },
    standing: 'unexplained',
    deploys: [],
    note: 'nearly',
  };
  expect(JSON.parse(JSON.stringify(change))).toEqual(told);
  expect(change).toMatchObject({ ...told, rule: undefined });
});

describe('who explained a change', () => {
  const marker = sampleMarker({ uid: 'u1', reason: 'INC-7 "break glass"', explains: 'e1' });
  const { approved_by: _, triggered_by: __, ...plain } = marker;
  const saying = (fields: Partial<Attestation>) => {
    const attestation = { ...plain, explains: 'e1', actor: 'circleci', ...fields };
    const verdict: Verdict = { ...VERDICT, standing: 'attested', attestation };
    return {
      finding: new ChangeFinding(verdict, 'attested-change'),
      change: new JudgedChange(verdict),
    };
  };

  test('is a person rather than the system that ran for them, with who approved', () => {
    const { finding, change } = saying({ triggered_by: 'jane', approved_by: 'bob' });
    expect(finding.message).toBe(
      'UpdateFunctionCode of lambda:orders was made by deploy/joe; explained by "jane (circleci)", approved by "bob", in the marker u1: "INC-7 \\"break glass\\""',
    );
    expect(change.note).toBe('explained by jane (circleci), approved by bob: INC-7 "break glass"');
    const told = {
      uid: 'u1',
      actor: 'circleci',
      reason: 'INC-7 "break glass"',
      recorded_at: marker.recorded_at,
      triggered_by: 'jane',
      approved_by: 'bob',
    };
    expect(JSON.parse(JSON.stringify(finding)).explanation).toMatchObject(told);
    expect(JSON.parse(JSON.stringify(change)).explanation).toMatchObject(told);
  });

  test('is whom the marker names, where it names nobody else', () => {
    const { finding, change } = saying({ actor: 'eve' });
    expect(finding.message).toContain('; explained by "eve", in the marker u1: ');
    expect(change.note).toMatch(/^explained by eve: /);
    expect(finding.explanation).not.toHaveProperty('approved_by');
  });

  test('is told of no other finding', () => {
    const attestation = { ...plain, explains: 'e1' };
    const verdict: Verdict = { ...VERDICT, standing: 'explained', attestation };
    expect(new ChangeFinding(verdict, 'coincident-change').explanation).toBeUndefined();
  });
});
