import { describe, expect, it } from 'vitest';
import type { DeployWindow } from '../../../src/core/deploy/span.ts';
import type { Marker } from '../../../src/core/marker/marker.ts';
import { inLake, inTypeScript, type Question } from './compare.ts';
import { ACCOUNT, by, change, deploy, SOMEBODY } from './scene.ts';

// The statement and the rules on the edges where they are easily told apart; what is right is written down, and both have to say it.

const OTHER_ACCOUNT = '999999999999';
const MATE = by(`arn:aws:sts::${ACCOUNT}:assumed-role/deploy/ci-prod-other-b2c3d4e`);

/** A marker without some fields. */
function without(marker: Marker, ...names: readonly (keyof Marker)[]): Marker {
  const copy = { ...marker };
  for (const name of names) Reflect.deleteProperty(copy, name);
  return copy;
}

function at(eventTime: string, fields: object = {}): object {
  return change('e', { eventTime, ...fields });
}

/** `running` of the deploy `a`, recorded then. */
function running(recorded_at: string, fields: Partial<Marker> = {}): Marker {
  return without(
    deploy('a', { uid: 'u-running', status: 'running', recorded_at, ...fields }),
    'deployed_at',
    'started_at',
  );
}

interface Edge {
  readonly markers: readonly Marker[];
  readonly change: object;
  readonly range?: Question['range'];
  readonly window?: Partial<DeployWindow>;
  /** Rule, standing and deploys; undefined if the change is tied to none. */
  readonly right: string | undefined;
}

const EDGES: Readonly<Record<string, Edge>> = {
  'what is pending has not started': {
    markers: [running('2025-12-13T08:00:00Z', { status: 'pending' }), without(deploy('a'), 'started_at')],
    change: at('2025-12-13T20:00:00Z', MATE),
    right: undefined,
  },
  'a deploy that is pending alone has no window': {
    markers: [running('2025-12-14T08:00:00Z', { status: 'pending' })],
    change: at('2025-12-14T08:01:00Z'),
    right: undefined,
  },
  'a start told for one component counts for the others': {
    markers: [
      running('2025-12-14T05:00:00Z', { component: 'lambda:other' }),
      without(deploy('a'), 'started_at'),
    ],
    change: at('2025-12-14T05:30:00Z', MATE),
    right: 'window explained deploy-a',
  },
  'a start told after the end counts for no other': {
    markers: [
      running('2025-12-14T08:13:00Z', { component: 'lambda:other' }),
      without(deploy('a'), 'started_at'),
    ],
    change: at('2025-12-14T07:12:33Z', MATE),
    right: undefined,
  },
  'between two attempts nothing was under way': {
    markers: [
      deploy('a', {
        uid: 'u-1',
        started_at: '2025-12-14T04:00:00Z',
        deployed_at: '2025-12-14T04:05:00Z',
        recorded_at: '2025-12-14T04:05:00Z',
        status: 'failed',
      }),
      deploy('a'),
    ],
    change: at('2025-12-14T06:00:00Z'),
    right: undefined,
  },
  'the first of two attempts explains what it did': {
    markers: [
      deploy('a', {
        uid: 'u-1',
        started_at: '2025-12-14T04:00:00Z',
        deployed_at: '2025-12-14T04:05:00Z',
        recorded_at: '2025-12-14T04:05:00Z',
        status: 'failed',
      }),
      deploy('a'),
    ],
    change: at('2025-12-14T04:14:00Z'),
    right: 'session explained deploy-a',
  },
  'a component that still runs keeps its window beside one that ended': {
    markers: [running('2025-12-14T08:30:00Z', { component: 'lambda:other' }), deploy('a')],
    change: at('2025-12-14T11:00:00Z', { requestParameters: { functionName: 'other' } }),
    right: 'session explained deploy-a',
  },
  'the first job of a deploy counts, whatever the last one was called': {
    markers: [
      running('2025-12-14T08:00:00Z'),
      without(
        deploy('a', {
          role_session_name: 'ci-smoke-a1b2c3d',
          role_arn: `arn:aws:iam::${ACCOUNT}:role/smoke`,
        }),
        'started_at',
      ),
    ],
    change: at('2025-12-14T08:06:00Z', { requestParameters: { functionName: 'helper' } }),
    right: 'session explained deploy-a',
  },
  'the role of the first job is expected too': {
    markers: [
      running('2025-12-14T08:00:00Z'),
      without(
        deploy('a', {
          role_session_name: 'ci-smoke-a1b2c3d',
          role_arn: `arn:aws:iam::${ACCOUNT}:role/smoke`,
        }),
        'started_at',
      ),
    ],
    change: at('2025-12-14T08:06:00Z', MATE),
    right: 'window explained deploy-a',
  },
  'no window is longer than a deploy takes': {
    markers: [deploy('a', { started_at: '2025-12-12T08:00:00Z' })],
    change: at('2025-12-14T02:10:33Z'),
    right: undefined,
  },
  'but as long': {
    markers: [deploy('a', { started_at: '2025-12-12T08:00:00Z' })],
    change: at('2025-12-14T02:10:34Z'),
    right: 'session explained deploy-a',
  },
  'longer if that is asked for': {
    markers: [deploy('a', { started_at: '2025-12-12T08:00:00Z' })],
    change: at('2025-12-12T09:00:00Z'),
    window: { unfinishedAfter: 72 * 3_600_000 },
    right: 'session explained deploy-a',
  },
  'a deploy that never ended': {
    markers: [running('2025-12-14T00:00:00Z')],
    change: at('2025-12-14T06:00:01Z'),
    right: undefined,
  },
  'a deploy ends at the latest when its marker was recorded': {
    markers: [deploy('a', { deployed_at: '2025-12-14T12:00:00Z', recorded_at: '2025-12-14T08:12:35Z' })],
    change: at('2025-12-14T08:22:36Z'),
    right: undefined,
  },
  'a marker that was made days later explains what it names': {
    markers: [deploy('a', { recorded_at: '2025-12-16T08:00:00Z' })],
    change: at('2025-12-14T08:10:00Z'),
    right: 'session explained deploy-a',
  },
  'and nothing else': {
    markers: [deploy('a', { recorded_at: '2025-12-16T08:00:00Z' })],
    change: at('2025-12-14T08:10:00Z', { requestParameters: { functionName: 'helper' } }),
    right: undefined,
  },
  'the same role and session of another account': {
    markers: [deploy('a')],
    change: at(
      '2025-12-14T08:10:00Z',
      by(`arn:aws:sts::${OTHER_ACCOUNT}:assumed-role/deploy/ci-prod-a1b2c3d`),
    ),
    right: 'window coincident deploy-a',
  },
  'a session without a role may be anybody’s': {
    markers: [without(deploy('a'), 'role_arn')],
    change: at('2025-12-14T08:10:00Z'),
    right: 'window coincident deploy-a',
  },
  'a role with a path': {
    markers: [deploy('a', { role_arn: `arn:aws:iam::${ACCOUNT}:role/ci/prod/deploy` })],
    change: at('2025-12-14T08:10:00Z'),
    right: 'session explained deploy-a',
  },
  'one deploy in two Regions': {
    markers: [deploy('a'), deploy('a', { uid: 'u-2', region: 'us-east-1' })],
    change: at('2025-12-14T08:10:00Z', { awsRegion: 'us-east-1' }),
    right: 'session explained deploy-a',
  },
  'one deploy in two accounts': {
    markers: [deploy('a', { account: OTHER_ACCOUNT }), deploy('a', { uid: 'u-2' })],
    change: at('2025-12-14T08:10:00Z', { recipientAccountId: OTHER_ACCOUNT, ...MATE }),
    right: 'window explained deploy-a',
  },
  'the session of one place explains what it did in the other': {
    markers: [
      deploy('a'),
      deploy('a', { uid: 'u-2', region: 'us-east-1', role_session_name: 'ci-us-a1b2c3d' }),
    ],
    change: at('2025-12-14T08:10:00Z', {
      awsRegion: 'us-east-1',
      requestParameters: { functionName: 'helper' },
    }),
    right: 'session explained deploy-a',
  },
  'but in no third': {
    markers: [deploy('a'), deploy('a', { uid: 'u-2', region: 'us-east-1' })],
    change: at('2025-12-14T08:10:00Z', { awsRegion: 'eu-west-3' }),
    right: undefined,
  },
  'a marker that does not tell where': {
    markers: [without(deploy('a'), 'account', 'region')],
    change: at('2025-12-14T08:10:00Z', { recipientAccountId: OTHER_ACCOUNT, awsRegion: 'eu-west-3' }),
    right: 'session explained deploy-a',
  },
  'somebody else at the same time': {
    markers: [deploy('a')],
    change: at('2025-12-14T08:10:00Z', by(SOMEBODY)),
    right: 'window coincident deploy-a',
  },
  'what CodeDeploy does in the session is no call of the session': {
    markers: [deploy('a')],
    change: at('2025-12-14T08:10:00Z', {
      userIdentity: {
        type: 'AssumedRole',
        arn: `arn:aws:sts::${ACCOUNT}:assumed-role/deploy/ci-prod-a1b2c3d`,
        invokedBy: 'codedeploy.amazonaws.com',
      },
    }),
    right: 'window explained deploy-a',
  },
  'a neighbour’s marker before the range explains its own change': {
    markers: [
      deploy('a', {
        started_at: '2025-12-14T07:40:00Z',
        deployed_at: '2025-12-14T07:58:00Z',
        recorded_at: '2025-12-14T07:58:01Z',
      }),
      deploy('b', { started_at: '2025-12-14T07:55:00Z', role_session_name: 'ci-prod-run2-b2c3d4e' }),
    ],
    change: at('2025-12-14T08:01:00Z'),
    range: { from: Date.parse('2025-12-14T08:00:00Z'), until: Date.parse('2025-12-15T00:00:00Z') },
    right: 'session explained deploy-a',
  },
  'a start before the range is not lost': {
    markers: [running('2025-12-14T04:00:00Z'), without(deploy('a'), 'started_at')],
    change: at('2025-12-14T06:30:00Z'),
    range: { from: Date.parse('2025-12-14T06:00:00Z'), until: Date.parse('2025-12-15T00:00:00Z') },
    right: 'session explained deploy-a',
  },
  'nor an end after it': {
    markers: [deploy('a')],
    change: at('2025-12-14T08:10:00Z'),
    range: { from: Date.parse('2025-12-14T00:00:00Z'), until: Date.parse('2025-12-14T08:11:00Z') },
    right: 'session explained deploy-a',
  },
  'two deploys that nothing tells apart': {
    markers: [
      deploy('a', { role_session_name: 'release', run_id: 'r1' }),
      deploy('b', { role_session_name: 'release', run_id: 'r2' }),
    ],
    change: at('2025-12-14T08:10:00Z', by(`arn:aws:sts::${ACCOUNT}:assumed-role/deploy/release`)),
    right: 'session ambiguous deploy-a deploy-b',
  },
  'two deploys of one run are one': {
    markers: [deploy('b', { started_at: '2025-12-14T08:05:09Z' }), deploy('a')],
    change: at('2025-12-14T08:10:00Z', { requestParameters: { functionName: 'helper' } }),
    right: 'session explained deploy-b',
  },
  'a stack by its whole ARN': {
    markers: [
      deploy('a', { component: `arn:aws:cloudformation:eu-west-1:${ACCOUNT}:stack/billing/2f6a7b10-1` }),
    ],
    change: at('2025-12-14T08:10:00Z', {
      ...by(SOMEBODY),
      eventSource: 'cloudformation.amazonaws.com',
      eventName: 'DeleteStack',
      requestParameters: {
        stackName: `arn:aws:cloudformation:eu-west-1:${ACCOUNT}:stack/billing/2f6a7b10-1`,
      },
    }),
    right: 'window coincident deploy-a',
  },
  'an ARN says where it is, whatever else the marker says': {
    markers: [deploy('a', { component: `arn:aws:lambda:us-east-1:${OTHER_ACCOUNT}:function:resize-image` })],
    change: at('2025-12-14T08:10:00Z'),
    right: undefined,
  },
};

for (const spelling of [
  `lambda:arn:aws:lambda:eu-west-1:${ACCOUNT}:function:resize-image`,
  `lambda:${ACCOUNT}:function:resize-image`,
  `lambda:eu-west-1:${ACCOUNT}:function:resize-image:prod`,
  `lambda:${ACCOUNT}:resize-image`,
  'lambda:function:resize-image',
  'lambda:resize-image:7',
  'lambda:resize-image:$LATEST',
  `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:resize-image:prod`,
])
  addSpelling(spelling, true);
for (const spelling of [
  'lambda:resize-image.v2',
  'lambda:resize-image-2',
  'lambda:my:function:resize-image',
  'lambda:resize-image:prod:extra',
  'layer:resize-image',
  'function:resize-image',
  `arn:aws:s3:eu-west-1:${ACCOUNT}:function:resize-image`,
])
  addSpelling(spelling, false);

function addSpelling(component: string, isIt: boolean): void {
  Object.assign(EDGES, {
    [`${component} is ${isIt ? '' : 'not '}the function`]: {
      markers: [deploy('a', { component })],
      change: at('2025-12-14T08:10:00Z', by(SOMEBODY)),
      right: isIt ? 'window coincident deploy-a' : undefined,
    },
  });
}

describe('the correlation statement and the rules say the same', () => {
  it.each(Object.entries(EDGES))('%s', async (_, { right, markers, change: record, ...edge }) => {
    const question: Question = {
      range: { from: Date.parse('2025-12-10T00:00:00Z'), until: Date.parse('2025-12-17T00:00:00Z') },
      now: Date.parse('2025-12-20T00:00:00Z'),
      markers,
      records: [record],
      ...edge,
    };
    expect(inTypeScript(question)['e']).toBe(right);
    expect((await inLake(question))['e']).toBe(right);
  });
});
