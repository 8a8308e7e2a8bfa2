import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Actor, Change, RoleChain } from '../../../../src/core/change/change.ts';
import { type CorrelationOptions, correlate } from '../../../../src/core/correlate/correlate.ts';
import { MarkerBounds } from '../../../../src/core/correlate/marker-bounds.ts';
import type { Verdict } from '../../../../src/core/correlate/verdict.ts';
import { DEFAULT_WINDOW } from '../../../../src/core/deploy/deploy.ts';
import type { Marker } from '../../../../src/core/marker/marker.ts';
import type { StoredMarker } from '../../../../src/core/marker/stored.ts';
import { formatUtcTime } from '../../../../src/core/time/utc.ts';

// Changes that look like a deploy's and are none: what a person or another pipeline would have to do to hide one.

const ACCOUNT = '111122223333';
const PLACE = { account: ACCOUNT, region: 'eu-west-1' };
const SESSION = 'ci-prod-run-a1b2c3d';
const NOW = Date.parse('2026-06-01T20:00:00Z');
const at = (time: string): number => Date.parse(`2026-06-01T${time}:00Z`);

const PIPELINE: Actor = {
  kind: 'session',
  name: `arn:aws:sts::${ACCOUNT}:assumed-role/deploy/${SESSION}`,
  account: ACCOUNT,
  role: 'deploy',
  session: SESSION,
  accessKeyId: 'ASIAPIPELINE',
  via: undefined,
};
const CLOUDFORMATION: Actor = {
  ...PIPELINE,
  kind: 'service',
  role: 'cfn-exec',
  session: 'AWSCloudFormation',
  accessKeyId: 'ASIACFN',
  via: 'cloudformation',
};
const JANE: Actor = {
  ...PIPELINE,
  kind: 'identity-center',
  role: 'AWSReservedSSO_Admin_1',
  session: 'jane',
  accessKeyId: 'ASIAJANE',
};

let next = 0;
function change(
  time: string,
  action: string,
  component: string,
  actor: Actor,
  more: Partial<Change> = {},
): Change {
  next += 1;
  const service = component.startsWith('stack:') ? 'cloudformation' : 'lambda';
  const stack =
    service === 'lambda'
      ? undefined
      : { name: component.slice('stack:'.length), changeSet: undefined, serviceRole: 'cfn-exec' };
  return {
    id: `e${next}`,
    time: at(time),
    ...PLACE,
    service,
    action,
    component,
    actor,
    stack,
    version: undefined,
    ...more,
  };
}

function marker(fields: Partial<Marker> = {}): Marker {
  return {
    uid: `u-${fields.deploy_id ?? 'd1'}-${fields.status ?? 'success'}`,
    deploy_id: 'd1',
    env: 'prod',
    component: 'lambda:a',
    ...PLACE,
    git_sha: 'a1b2c3d',
    status: 'success',
    started_at: '2026-06-01T10:00:00Z',
    deployed_at: '2026-06-01T10:10:00Z',
    recorded_at: '2026-06-01T10:10:01Z',
    actor: 'circleci',
    role_session_name: SESSION,
    role_arn: `arn:aws:iam::${ACCOUNT}:role/deploy`,
    ...fields,
  };
}

function judge(
  markers: readonly Marker[],
  changes: readonly Change[],
  more: { chains?: readonly RoleChain[]; options?: Partial<CorrelationOptions> } = {},
): string[] {
  const said: string[] = [];
  correlate(
    { markers, changes, chains: more.chains ?? [] },
    { now: NOW, ...more.options },
    ({ standing, rule }) => said.push(rule === undefined ? standing : `${standing} ${rule}`),
  );
  return said;
}

describe('a session of the same name', () => {
  test('in the same role of another account is not the deploy', () => {
    const foreign = { ...PIPELINE, account: '999999999999' };
    expect(judge([marker()], [change('10:05', 'UpdateFunctionCode', 'lambda:a', foreign)])).toEqual([
      'coincident window',
    ]);
    const other = { ...foreign, session: 'another' };
    expect(judge([marker()], [change('10:05', 'UpdateFunctionCode', 'lambda:a', other)])).toEqual([
      'coincident window',
    ]);
  });
});

describe('a bridge role', () => {
  const bridge: Actor = {
    ...PIPELINE,
    role: 'cdk-deploy-role',
    session: 'aws-cdk-jane',
    accessKeyId: 'ASIABRIDGE',
  };
  const execute = change('10:05', 'ExecuteChangeSet', 'stack:billing', bridge);
  const options = { bridgeRoles: ['cdk-*'] };

  test('explains nothing where a record tells that somebody else took it', () => {
    const chains = [{ time: at('10:04'), caller: JANE, accessKeyId: 'ASIABRIDGE' }];
    expect(judge([marker()], [execute], { options })).toEqual(['explained stack']);
    expect(judge([marker()], [execute], { options, chains })).toEqual(['unexplained']);
  });
});

describe('a service role', () => {
  test('works for the last operation on a stack, whoever called it', () => {
    const update = change('10:01', 'UpdateStack', 'stack:shop', PIPELINE);
    const byJane = change('10:15', 'UpdateStack', 'stack:shop', JANE);
    const made = change('10:16', 'UpdateFunctionCode', 'lambda:a', CLOUDFORMATION);
    expect(judge([marker()], [update, made])).toEqual(['explained session', 'explained stack']);
    expect(judge([marker()], [update, byJane, made])).toEqual([
      'explained session',
      'unexplained',
      'coincident window',
    ]);
  });

  test('is not taken from a call that sets CloudFormation to no work', () => {
    const policy = change('10:15', 'SetStackPolicy', 'stack:shop', JANE);
    const made = change('10:16', 'UpdateFunctionCode', 'lambda:a', CLOUDFORMATION);
    const update = change('10:01', 'UpdateStack', 'stack:shop', PIPELINE);
    expect(judge([marker()], [update, policy, made])).toEqual([
      'explained session',
      'unexplained',
      'explained stack',
    ]);
  });

  test('follows from a change set that is executed by its ARN', () => {
    const changeSet = 'arn:aws:cloudformation:eu-west-1:111122223333:changeSet/c/1';
    const create = change('10:01', 'CreateChangeSet', 'stack:shop', PIPELINE, {
      stack: { name: 'shop', changeSet, serviceRole: 'cfn-exec' },
    });
    const execute = change('10:02', 'ExecuteChangeSet', 'stack:?', PIPELINE, {
      stack: { name: undefined, changeSet, serviceRole: undefined },
    });
    const made = change('10:03', 'UpdateFunctionCode', 'lambda:b', CLOUDFORMATION);
    expect(judge([marker()], [create, execute, made])[2]).toBe('explained stack');
  });
});

describe('a rollback', () => {
  const failed = marker({ status: 'failed' });
  const update = change('10:01', 'UpdateStack', 'stack:shop', PIPELINE);
  const made = change('10:02', 'UpdateFunctionCode', 'lambda:a', { ...PIPELINE, via: 'cloudformation' });

  test('comes from the same session and role, as long as nobody called the stack again', () => {
    const back = change('12:00', 'UpdateFunctionCode', 'lambda:a', { ...PIPELINE, via: 'cloudformation' });
    expect(judge([failed], [update, made, back])[2]).toBe('explained rollback');
    const byJane = change('11:00', 'UpdateStack', 'stack:shop', JANE);
    expect(judge([failed], [update, made, byJane, back])[3]).toBe('unexplained');
  });

  test('is none where another role has the session’s name', () => {
    const admin = { ...PIPELINE, role: 'admin', via: 'cloudformation' };
    const back = change('12:00', 'DeleteFunction', 'lambda:a', admin);
    expect(judge([failed], [update, made, back])[2]).toBe('unexplained');
  });
});

// What somebody could hide who may write markers, and nothing else.

/** Verdicts, and what the answer names of markers that say more than they may. */
function answerOf(
  markers: readonly StoredMarker[],
  changes: readonly Change[],
  options: Partial<CorrelationOptions> = {},
): { readonly verdicts: Verdict[]; readonly named: string[] } {
  const verdicts: Verdict[] = [];
  const { deploys, conflicts } = correlate({ markers, changes }, { now: NOW, ...options }, verdict =>
    verdicts.push(verdict),
  );
  const bounds = new MarkerBounds(DEFAULT_WINDOW, NOW);
  for (const verdict of verdicts) bounds.addVerdict(verdict);
  for (const standing of deploys) bounds.addDeploy(standing);
  for (const conflict of conflicts) bounds.addConflict(conflict);
  return { verdicts, named: bounds.gaps().map(({ subject, message }) => `${subject}: ${message}`) };
}

const EVE: Actor = { ...PIPELINE, role: 'developer', session: 'eve-x-a1b2c3d', accessKeyId: 'ASIAEVE' };
/** A marker without some of its fields. */
function without(given: Marker, ...untold: readonly (keyof Marker)[]): Marker {
  const made = { ...given };
  for (const name of untold) Reflect.deleteProperty(made, name);
  return made;
}

describe('a session without a role', () => {
  const forged = without(marker({ uid: 'forged', role_session_name: 'eve-x-a1b2c3d' }), 'role_arn');

  test('explains nothing by its name, and is named', () => {
    const { verdicts, named } = answerOf([forged], [change('10:05', 'UpdateFunctionCode', 'lambda:b', EVE)]);
    expect(verdicts).toMatchObject([{ standing: 'unexplained', note: expect.stringContaining('no role') }]);
    expect(named).toEqual([expect.stringMatching(/^forged: .*names no role/)]);
  });

  test('is coincident in the window of its component, unless the role is known to deploy', () => {
    const own = change('10:05', 'UpdateFunctionCode', 'lambda:a', EVE);
    expect(answerOf([forged], [own]).verdicts).toMatchObject([
      { standing: 'coincident', rule: 'window', bounded: { uid: 'forged' } },
    ]);
    const deployRoles = ['dev*'];
    expect(judge([forged], [own], { options: { deployRoles } })).toEqual(['explained window']);
    const other = change('10:05', 'UpdateFunctionCode', 'lambda:b', EVE);
    expect(judge([forged], [other], { options: { deployRoles } })).toEqual(['unexplained']);
  });

  test('explains nothing over a chain or a stack either', () => {
    const key = { ...EVE, role: 'other', session: 'next', accessKeyId: 'ASIANEXT' };
    const chains = [{ time: at('10:01'), caller: EVE, accessKeyId: 'ASIANEXT' }];
    const changes = [
      change('10:02', 'UpdateFunctionCode', 'lambda:b', key),
      change('10:03', 'UpdateStack', 'stack:shop', EVE),
      change('10:04', 'UpdateFunctionCode', 'lambda:c', CLOUDFORMATION),
    ];
    expect(judge([forged], changes, { chains })).toEqual(['unexplained', 'unexplained', 'unexplained']);
  });

  test('beside a marker of the same deploy that names a role, explains by that role alone', () => {
    const both = [marker(), without(marker({ uid: 'x', component: 'lambda:x' }), 'role_arn')];
    expect(judge(both, [change('10:05', 'UpdateFunctionCode', 'lambda:b', PIPELINE)])).toEqual([
      'explained session',
    ]);
    const admin = { ...PIPELINE, role: 'admin' };
    expect(judge(both, [change('10:05', 'UpdateFunctionCode', 'lambda:b', admin)])).toEqual(['unexplained']);
  });
});

describe('a marker that was made long after its deploy', () => {
  const late = marker({ uid: 'late', recorded_at: '2026-06-01T18:00:00Z' });

  test('explains what it names, and nothing else', () => {
    const changes = [
      change('10:05', 'UpdateFunctionCode', 'lambda:a', PIPELINE),
      change('10:06', 'UpdateFunctionCode', 'lambda:b', PIPELINE),
    ];
    const { verdicts, named } = answerOf([late], changes);
    expect(verdicts).toMatchObject([
      { standing: 'explained', rule: 'session' },
      { standing: 'unexplained', note: expect.stringContaining('made so late') },
    ]);
    expect(named).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^late: it was recorded at 2026-06-01T18:00:00Z, long after/),
      ]),
    );
  });

  test('is taken from no store as early as it says', () => {
    const backdated = { ...marker({ uid: 'back' }), storedAt: at('19:00') };
    expect(answerOf([backdated], []).named).toEqual([
      'back: it was stored at 2026-06-01T19:00:00Z, long after 2026-06-01T10:10:01Z, when it says it was recorded',
    ]);
  });
});

describe('times that nobody can know', () => {
  test('are named: an end, a start and a record that are yet to come, and a deploy of days', () => {
    const { named } = answerOf(
      [
        marker({ uid: 'end', deploy_id: 'end', deployed_at: '2026-06-01T12:00:00Z' }),
        without(
          marker({ uid: 'start', deploy_id: 'start', status: 'running', started_at: '2026-06-01T12:00:00Z' }),
          'deployed_at',
        ),
        marker({
          uid: 'record',
          deploy_id: 'record',
          deployed_at: '2026-06-02T12:00:00Z',
          recorded_at: '2026-06-02T12:00:00Z',
          started_at: '2026-06-02T12:00:00Z',
        }),
        marker({ uid: 'days', deploy_id: 'days', started_at: '2026-05-20T10:00:00Z' }),
      ],
      [],
    );
    expect(named.map(line => line.split(' at ')[0]).toSorted()).toEqual([
      'days: it says that its deploy began',
      'end: it says that its deploy ended',
      'record: it says that it was recorded',
      'start: it says that its deploy started',
    ]);
  });
});

describe('an explanation', () => {
  const byUser = {
    ...JANE,
    kind: 'iam-user' as const,
    name: `arn:aws:iam::${ACCOUNT}:user/jane`,
    session: undefined,
  };
  const fix = change('15:00', 'UpdateFunctionCode', 'lambda:a', byUser);
  const explains = (uid: string, fields: Partial<Marker>): Marker =>
    without(
      marker({
        uid,
        deploy_id: uid,
        explains: fix.id,
        reason: 'OPS-1',
        recorded_at: '2026-06-01T16:00:00Z',
        ...fields,
      }),
      'role_session_name',
    );

  test('by who made the change does not count, and is named', () => {
    const { verdicts, named } = answerOf([explains('own', { actor: 'jane' })], [fix]);
    expect(verdicts).toMatchObject([
      { standing: 'unexplained', note: 'explained by "jane", who made it, so that it does not count' },
    ]);
    expect(named).toEqual([expect.stringMatching(/^own: a change was explained by "jane"/)]);
  });

  test.each<[string, string, string]>([
    ['hours before', '2026-06-01T10:10:01Z', 'unexplained'],
    ['six minutes before', '2026-06-01T14:54:00Z', 'unexplained'],
    ['before, as far as clocks differ', '2026-06-01T14:56:00Z', 'attested'],
    ['after', '2026-06-01T15:10:00Z', 'attested'],
    ['long after', '2026-06-01T19:59:00Z', 'attested'],
  ])(
    'that was recorded %s the change: nobody knows the id of what is to come',
    (_, recorded_at, standing) => {
      const { verdicts, named } = answerOf([explains('early', { actor: 'ada', recorded_at })], [fix]);
      expect(verdicts).toMatchObject([{ standing }]);
      const why = expect.stringMatching(/^early: a change was explained by "ada" before it was made/);
      expect(named).toEqual(standing === 'attested' ? [] : [why]);
    },
  );

  test('says no other time than that at which its store took it in', () => {
    const forged = { ...explains('forged', { actor: 'ada' }), storedAt: at('10:00') };
    expect(answerOf([forged], [fix]).verdicts).toMatchObject([{ standing: 'unexplained' }]);
  });

  test('by another counts, whether one’s own came before it or after it', () => {
    const both = [explains('own', { triggered_by: 'JANE' }), explains('other', { actor: 'ada' })];
    for (const markers of [both, both.toReversed()]) {
      expect(answerOf(markers, [fix]).verdicts).toMatchObject([
        { standing: 'attested', attestation: { uid: 'other' } },
      ]);
    }
  });
});

describe('a deploy id that somebody else joins', () => {
  test.each<[string, Partial<Marker>]>([
    ['environment', { env: 'dev' }],
    ['commit', { git_sha: 'fffffff' }],
    ['repository', { repository: 'eve/app' }],
  ])('is named where the %s differs', (_, fields) => {
    expect(
      answerOf([marker(), marker({ uid: 'joined', component: 'lambda:b', ...fields })], []).named,
    ).toEqual([expect.stringMatching(/^(?:joined|u-d1-success): it shares the deploy id d1/)]);
  });

  test('is none where one deploy has several jobs', () => {
    const job = marker({ uid: 'b', component: 'lambda:b', job: 'b', role_session_name: 'ci-prod-b-a1b2c3d' });
    expect(answerOf([marker(), job], []).named).toEqual([]);
  });
});

describe('a marker that explains much more than it names', () => {
  const changesOf = (count: number): Change[] =>
    Array.from({ length: count }, (_, i) => change('10:05', 'UpdateFunctionCode', `lambda:f${i}`, PIPELINE));

  test('is named with how much', () => {
    expect(answerOf([marker()], changesOf(20)).named).toEqual([]);
    expect(answerOf([marker()], changesOf(1500)).named).toEqual([
      'u-d1-success: it explains 1,500 changes, of 1,500 components that it does not name',
    ]);
  });

  test('is none where it deploys a stack, up to as many resources as a stack may have', () => {
    const update = change('10:01', 'UpdateStack', 'stack:shop', PIPELINE);
    const stack = marker({ component: 'stack:shop' });
    expect(answerOf([stack], [update, ...changesOf(500)]).named).toEqual([]);
    expect(answerOf([stack], [update, ...changesOf(501)]).named).toHaveLength(1);
  });

  test('is counted where there are many of a kind', () => {
    const markers = Array.from({ length: 50 }, (_, i) =>
      marker({ uid: `u${i}`, deploy_id: `d${i}`, started_at: '2026-05-20T10:00:00Z' }),
    );
    const { named } = answerOf(markers, []);
    expect(named).toHaveLength(21);
    expect(named.at(-1)).toBe(
      'markers of deploys that took too long: 30 more markers of deploys that took too long',
    );
  });
});

describe('two contents of one uid', () => {
  test('are named; the store’s own time decides', () => {
    const own = { ...marker({ uid: 'twice' }), storedAt: at('10:11') };
    const forged = {
      ...marker({ uid: 'twice', role_session_name: 'eve-x-a1b2c3d', recorded_at: '2026-06-01T10:00:00Z' }),
      storedAt: at('19:00'),
    };
    for (const markers of [
      [own, forged],
      [forged, own],
    ]) {
      const { verdicts, named } = answerOf(markers, [
        change('10:05', 'UpdateFunctionCode', 'lambda:b', PIPELINE),
        change('10:05', 'UpdateFunctionCode', 'lambda:b', { ...EVE, role: 'deploy' }),
      ]);
      expect(verdicts.map(({ standing }) => standing)).toEqual(['explained', 'unexplained']);
      expect(named).toContain('twice: it has two contents; the one counts that the store took in first');
    }
  });
});

describe('whatever a holder of marker rights writes', () => {
  const minute = fc.integer({ min: -3000, max: 3000 });
  const time = minute.map(minutes => formatUtcTime(at('12:00') + minutes * 60_000));
  const forged = fc
    .record({
      uid: fc.constantFrom('u1', 'u2', 'u3'),
      deploy_id: fc.constantFrom('d1', 'd2'),
      component: fc.constantFrom('lambda:a', 'lambda:b', 'stack:shop'),
      status: fc.constantFrom('pending', 'running', 'success', 'failed'),
      started_at: time,
      deployed_at: time,
      recorded_at: time,
      role_session_name: fc.constantFrom('eve-x-a1b2c3d', SESSION),
      labels: fc.constantFrom({}, { stack: 'shop' }),
    })
    .filter(({ started_at, deployed_at }) => started_at <= deployed_at);
  const markersOf = fc.array(
    fc.tuple(forged, fc.boolean()).map(([fields, isRoleTold]): Marker => {
      const made = marker(fields);
      return isRoleTold ? made : without(made, 'role_arn');
    }),
    { minLength: 1, maxLength: 6 },
  );
  const when = fc.integer({ min: -600, max: 600 }).map(minutes => at('12:00') + minutes * 60_000);

  test('a session explains only under its role; nothing outside of the spans that README tells', () => {
    fc.assert(
      fc.property(markersOf, fc.array(when, { maxLength: 8 }), (markers, times) => {
        const changes = times.map((moment, rank) => ({
          ...change('12:00', 'UpdateFunctionCode', rank % 2 === 0 ? 'lambda:a' : 'lambda:c', EVE),
          time: moment,
        }));
        const { verdicts } = answerOf(markers, changes);
        for (const { standing } of verdicts) expect(['unexplained', 'coincident']).toContain(standing);
      }),
    );
  });

  test('no window is longer than --unfinished-after and what counts around it, nor ends later than the marker was made', () => {
    const { before, after, unfinishedAfter } = DEFAULT_WINDOW;
    fc.assert(
      fc.property(markersOf, markers => {
        const { deploys } = correlate({ markers, changes: [] }, { now: NOW }, () => undefined);
        for (const { deploy } of deploys) {
          const latest = deploy.markers
            .map(({ recorded_at }) => Date.parse(recorded_at))
            .reduce((a, b) => Math.max(a, b));
          for (const { opens, closes, endedAt } of deploy.spans) {
            expect(closes - opens).toBeLessThanOrEqual(before + unfinishedAfter + after);
            expect(closes).toBeLessThanOrEqual(
              endedAt === undefined ? latest + unfinishedAfter : latest + after,
            );
          }
        }
      }),
    );
  });
});

describe('a person in the console', () => {
  const clicked: Actor = { ...PIPELINE, kind: 'console', fromConsole: true, accessKeyId: 'ASIACONSOLE' };
  const forwarded: Actor = { ...PIPELINE, via: 'cloudformation', accessKeyId: 'ASIAFAS' };
  const own = { time: at('10:02'), accessKeyId: 'ASIATAKEN' };
  const taken: Actor = { ...PIPELINE, accessKeyId: 'ASIATAKEN' };

  test('is not the deploy, under its role and its name', () => {
    expect(judge([marker()], [change('10:05', 'UpdateFunctionCode', 'lambda:a', clicked)])).toEqual([
      'coincident window',
    ]);
    expect(judge([marker()], [change('10:05', 'UpdateFunctionCode', 'lambda:b', clicked)])).toEqual([
      'unexplained',
    ]);
  });

  test('is behind a role that was taken there, over two hops too', () => {
    const made = change('10:05', 'UpdateFunctionCode', 'lambda:b', taken);
    expect(judge([marker()], [made], { chains: [{ ...own, caller: PIPELINE }] })).toEqual([
      'explained session',
    ]);
    expect(judge([marker()], [made], { chains: [{ ...own, caller: clicked }] })).toEqual(['unexplained']);
    const between = { ...PIPELINE, session: 'between', accessKeyId: 'ASIABETWEEN' };
    const chains = [
      { ...own, caller: between },
      { ...own, accessKeyId: 'ASIABETWEEN', caller: clicked },
    ];
    expect(judge([marker()], [made], { chains })).toEqual(['unexplained']);
    const inWindow = change('10:05', 'UpdateFunctionCode', 'lambda:a', taken);
    expect(judge([marker()], [inWindow], { chains })).toEqual(['coincident window']);
  });

  test('is behind what CloudFormation does after a click on a stack, but for what a deploy called, too', () => {
    const update = change('10:02', 'UpdateStack', 'stack:shop', clicked);
    const made = change('10:03', 'UpdateFunctionCode', 'lambda:b', forwarded);
    expect(judge([marker()], [update, made])).toEqual(['unexplained', 'unexplained']);
    const deployed = change('10:01', 'UpdateStack', 'stack:other', PIPELINE);
    expect(judge([marker()], [deployed, update, made])).toEqual([
      'explained session',
      'unexplained',
      'ambiguous session',
    ]);
    expect(judge([marker()], [deployed, made])).toEqual(['explained session', 'explained session']);
  });
});

test('a role that deploys is no reason for what a service role does after a person’s call', () => {
  const made = change('10:05', 'UpdateFunctionCode', 'lambda:a', CLOUDFORMATION);
  const options = { deployRoles: ['cfn-exec'] };
  expect(judge([marker()], [made], { options })).toEqual(['explained window']);
  const clicked: Actor = { ...PIPELINE, kind: 'console', fromConsole: true };
  for (const actor of [JANE, clicked]) {
    const update = change('10:02', 'UpdateStack', 'stack:shop', actor);
    expect(judge([marker()], [update, made], { options })).toEqual(['unexplained', 'coincident window']);
  }
});

describe('a session of another account whose role nobody tells', () => {
  const foreign = { ...PIPELINE, role: undefined, name: 'AROA1', accessKeyId: undefined };

  test('is the deploy’s by name and account where the deploy names what changed, and else may be', () => {
    const [named, other] = ['lambda:a', 'lambda:b'].map(component =>
      change('10:05', 'UpdateFunctionCode', component, foreign),
    );
    expect(named && other && judge([marker()], [named, other])).toEqual([
      'explained session',
      'ambiguous session',
    ]);
    const stranger = { ...foreign, account: '999999999999' };
    expect(judge([marker()], [change('10:05', 'UpdateFunctionCode', 'lambda:b', stranger)])).toEqual([
      'unexplained',
    ]);
  });
});

describe('what is global', () => {
  const place = { region: 'us-east-1', service: 'iam' };
  const call = (time: string, actor: Actor, more: Partial<Change> = {}): Change =>
    change(time, 'PutRolePolicy', 'iam:exec', actor, { ...place, ...more });

  test('is the deploy’s in whichever Region it is recorded', () => {
    expect(judge([marker()], [call('10:05', PIPELINE)])).toEqual(['explained session']);
    expect(judge([marker()], [call('10:05', PIPELINE, { service: 'lambda' })])).toEqual(['unexplained']);
    const edge = { service: 'wafv2', isGlobal: true };
    expect(judge([marker()], [call('10:05', PIPELINE, edge)])).toEqual(['explained session']);
    expect(judge([marker()], [call('10:05', PIPELINE, { service: 'wafv2' })])).toEqual(['unexplained']);
  });

  test('follows from calls on stacks of its account alone', () => {
    const update = change('10:02', 'UpdateStack', 'stack:shop', PIPELINE);
    const made = call('10:05', CLOUDFORMATION);
    expect(judge([marker()], [update, made])).toEqual(['explained session', 'explained stack']);
    const elsewhere = call('10:05', CLOUDFORMATION, { account: '999999999999' });
    expect(judge([marker()], [update, elsewhere])).toEqual(['explained session', 'unexplained']);
  });

  test('is looked for in the window of a deploy of it', () => {
    const role = marker({ component: 'iam:exec' });
    const other = { ...PIPELINE, session: 'other' };
    expect(judge([role], [call('10:05', other)])).toEqual(['explained window']);
    expect(judge([role], [call('10:05', JANE)])).toEqual(['coincident window']);
  });
});

test('a service by itself explains nothing and is explained by no window; a person may explain it', () => {
  const service: Actor = { ...JANE, kind: 'service', session: undefined, role: 'AWSServiceRoleForX' };
  const made = change('10:05', 'UpdateFunctionCode', 'lambda:a', service);
  const options = { deployRoles: ['*'] };
  expect(judge([marker()], [made], { options })).toEqual(['aws-service']);
  const why = marker({ deploy_id: 'd2', explains: made.id, reason: 'r', role_session_name: 'ada' });
  expect(judge([marker(), why], [made])).toEqual(['attested attestation']);
  const asked = { ...made, actor: { ...service, via: 'codedeploy' } };
  expect(judge([marker()], [asked])).toEqual(['coincident window']);
});

test('a call in two trails is explained by its id in either', () => {
  const made = change('12:05', 'UpdateFunctionCode', 'lambda:a', JANE, { twins: ['twin'] });
  for (const explains of [made.id, 'twin'])
    expect(
      judge(
        [
          marker({
            deploy_id: 'd2',
            explains,
            reason: 'r',
            recorded_at: '2026-06-01T13:00:00Z',
            role_session_name: 'ada',
          }),
        ],
        [made],
      ),
    ).toEqual(['attested attestation']);
});
