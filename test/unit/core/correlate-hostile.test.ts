import { describe, expect, test } from 'vitest';
import type { Actor, Change, RoleChain } from '../../../src/core/change.ts';
import { type CorrelationOptions, correlate } from '../../../src/core/correlate.ts';
import type { Marker } from '../../../src/core/marker.ts';

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
  const why = marker({ deploy_id: 'd2', explains: made.id, reason: 'r' });
  expect(judge([marker(), why], [made])).toEqual(['attested attestation']);
  const asked = { ...made, actor: { ...service, via: 'codedeploy' } };
  expect(judge([marker()], [asked])).toEqual(['coincident window']);
});

test('a call in two trails is explained by its id in either', () => {
  const made = change('12:05', 'UpdateFunctionCode', 'lambda:a', JANE, { twins: ['twin'] });
  for (const explains of [made.id, 'twin'])
    expect(judge([marker({ deploy_id: 'd2', explains, reason: 'r' })], [made])).toEqual([
      'attested attestation',
    ]);
});
