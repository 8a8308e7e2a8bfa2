import fc from 'fast-check';
import { withoutUndefined } from '../../../src/core/base/without-undefined.ts';
import { placeOfComponent } from '../../../src/core/component/component.ts';
import { FINAL_STATUSES, isFinal, MARKER_STATUSES, type Marker } from '../../../src/core/marker/marker.ts';
import type { Question } from './compare.ts';

// Small worlds in which everything meets: few deploys, few components in all their spellings, two accounts, two Regions, and times
// at the edges of windows. Each world has names of its own, so that many of them go into one store.

const START = Date.parse('2026-06-03T08:00:00Z');
const DAY_MS = 86_400_000;
const A = '111111111111';
const B = '222222222222';

const minute = fc.oneof(
  fc.constantFrom(0, 1, 2, 3, 5, 8, 10, 12, 20),
  fc.constantFrom(0, 2, 4, 10, 11, 12, 13, 20),
  fc.constantFrom(58, 59, 60, 61, 62, 70, 71, 120, 358, 359, 360, 361, 362, 370, 371, 372),
  fc.integer({ min: -10, max: 80 }),
);
const account = fc.constantFrom(A, A, A, A, A, B);
const region = fc.constantFrom('eu-west-1', 'eu-west-1', 'eu-west-1', 'us-east-1');
const role = fc.constantFrom(
  `arn:aws:iam::${A}:role/deploy`,
  `arn:aws:iam::${A}:role/deploy`,
  `arn:aws:iam::${A}:role/deploy`,
  `arn:aws:iam::${B}:role/deploy`,
  `arn:aws:iam::${A}:role/path/x/other`,
  undefined,
);

function components(world: number): string[] {
  const [f, g] = [`f${world}`, `g${world}`];
  return [
    `lambda:${f}`,
    `lambda:${g}`,
    `lambda:${f}:live`,
    `arn:aws:lambda:eu-west-1:${A}:function:${f}`,
    `lambda:arn:aws:lambda:eu-west-1:${A}:function:${f}:prod`,
    `lambda:${A}:function:${f}`,
    `lambda:eu-west-1:${A}:function:${g}`,
    `layer:${f}`,
    `arn:aws:lambda:us-east-1:${B}:layer:${f}:3`,
    `stack:${f}`,
    `arn:aws:cloudformation:eu-west-1:${A}:stack/${f}/abc-1`,
  ];
}

function sessions(world: number): string[] {
  return [`ci-prod-r${world}-a1b2c3d`, `ci-prod-q${world}-b1b2c3d`, `plain${world}`];
}

function maybe<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(value, { nil: undefined });
}

function markersOf(world: number): fc.Arbitrary<Marker[]> {
  const told = fc.record({
    deploy: fc.constantFrom('a', 'b', 'c'),
    component: fc.constantFrom(...components(world)),
    account: maybe(account),
    region: maybe(region),
    status: fc.constantFrom(...MARKER_STATUSES, ...FINAL_STATUSES),
    start: maybe(minute),
    end: minute,
    late: fc.constantFrom(0, 0, 0, 0, 0, 1, 1, -1, -5, 30, 361, 400),
    session: maybe(fc.constantFrom(...sessions(world))),
    role,
    copies: fc.constantFrom(1, 2),
  });
  return fc.array(told, { minLength: 1, maxLength: 5 }).map(all =>
    all.flatMap((each, rank) => {
      const done = isFinal(each.status);
      const recorded = (done ? each.end : (each.start ?? each.end)) + each.late;
      const start = each.start !== undefined && done ? Math.min(each.start, each.end) : each.start;
      const marker: Marker = {
        uid: `u${world}-${rank}`,
        deploy_id: `d${world}${each.deploy}`,
        env: 'prod',
        component: each.component,
        git_sha: 'a1b2c3d',
        status: each.status,
        recorded_at: iso(recorded),
        actor: 'circleci',
        ...withoutUndefined({
          account: each.account,
          region: each.region,
          ...placeOfComponent(each.component),
          started_at: start === undefined ? undefined : iso(start),
          deployed_at: done ? iso(each.end) : undefined,
          role_session_name: each.session,
          role_arn: each.role,
        }),
      };
      const copy = { ...marker, recorded_at: iso(recorded + 7) };
      return each.copies === 2 ? [copy, marker] : [marker];
    }),
  );
}

function changesOf(world: number): fc.Arbitrary<object[]> {
  const [f, g] = [`f${world}`, `g${world}`];
  const calls: readonly object[] = [
    { requestParameters: { functionName: f } },
    { requestParameters: { functionName: f } },
    { requestParameters: { functionName: `arn:aws:lambda:eu-west-1:${A}:function:${g}:7` } },
    { requestParameters: { layerName: f } },
    { requestParameters: {} },
    {
      eventSource: 'cloudformation.amazonaws.com',
      eventName: 'UpdateTerminationProtection',
      requestParameters: { stackName: f },
    },
  ];
  const people = [
    { type: 'AssumedRole', arn: `arn:aws:sts::${A}:assumed-role/admin/jane`, accountId: A },
    { type: 'IAMUser', arn: `arn:aws:iam::${A}:user/eve`, accountId: A },
    { type: 'AssumedRole', arn: `arn:aws:sts::${A}:assumed-role/AWSReservedSSO_X_1/jane`, accountId: A },
    undefined,
  ];
  const pipeline = fc
    .record({
      of: account,
      role: fc.constantFrom('deploy', 'deploy', 'deploy', 'other'),
      session: fc.constantFrom(...sessions(world), ...sessions(world), 'another'),
      invokedBy: fc.constantFrom(undefined, undefined, undefined, undefined, 'codedeploy.amazonaws.com'),
    })
    .map(({ of, invokedBy, ...who }) => ({
      type: 'AssumedRole',
      arn: `arn:aws:sts::${of}:assumed-role/${who.role}/${who.session}`,
      accountId: of,
      ...withoutUndefined({ invokedBy }),
    }));
  const call = fc.record({
    time: minute,
    call: fc.constantFrom(...calls),
    account,
    region,
    who: fc.oneof({ weight: 4, arbitrary: pipeline }, { weight: 1, arbitrary: fc.constantFrom(...people) }),
  });
  return fc.array(call, { minLength: 8, maxLength: 16 }).map(all =>
    all.map((each, rank) => ({
      eventID: `e${world}-${rank}`,
      eventTime: iso(each.time),
      eventSource: 'lambda.amazonaws.com',
      eventName: 'UpdateFunctionCode20150331v2',
      awsRegion: each.region,
      recipientAccountId: each.account,
      readOnly: false,
      managementEvent: true,
      eventCategory: 'Management',
      userIdentity: each.who ?? null,
      responseElements: null,
      ...each.call,
    })),
  );
}

/** So many worlds at once. The same seed gives the same ones. */
export function randomWorlds(seed: number, count: number): Question {
  const markers: Marker[] = [];
  const records: object[] = [];
  for (let world = 0; world < count; world += 1) {
    const [sample] = fc.sample(fc.tuple(markersOf(world), changesOf(world)), {
      seed: seed * 10_000 + world,
      numRuns: 1,
    });
    markers.push(...(sample?.[0] ?? []));
    records.push(...(sample?.[1] ?? []));
  }
  return {
    // What is told of the same second has no order in a store, so that files have it in the one that the statement makes.
    markers: markers.toSorted((a, b) => (tie(a) < tie(b) ? -1 : 1)),
    records,
    range: { from: START - 2 * DAY_MS, until: START + 2 * DAY_MS },
    now: START + 20 * DAY_MS,
  };
}

function tie({ status, uid, recorded_at }: Marker): string {
  return `${isFinal(status)} ${uid} ${recorded_at}`;
}

function iso(minutes: number): string {
  return new Date(START + minutes * 60_000).toISOString().replace('.000', '');
}
