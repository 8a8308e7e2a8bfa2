import { STANDINGS } from '../../../src/core/correlate/standing.ts';
import type {
  JudgedBy,
  Report,
  ReportChange,
  ReportDeploy,
  ReportFinding,
} from '../../../src/core/findings/report.ts';

/** What a sample is to be like. */
export interface SampleOptions {
  readonly changes: number;
  readonly command?: Report['command'];
  readonly complete?: boolean;
}

const END = Date.parse('2025-12-14T18:00:00Z');
const MINUTE = 60_000;
const FUNCTIONS = ['resize-image', 'receipt-pdf-to-jpeg', 'checkout-api', 'invoice-mailer', 'search-indexer'];
const ACTIONS = ['UpdateFunctionCode', 'UpdateFunctionConfiguration', 'PublishVersion', 'UpdateAlias'];
const ENVS = ['prod', 'staging'];

const toTime = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`;
const toUuid = (kind: number, i: number) => `${kind}a25eab5-7d4c-5b9b-ad4f-${String(i).padStart(12, '0')}`;
const toSha = (i: number) => ((i * 48_271 + 11) % 65_521).toString(16).padStart(4, '0').repeat(10);
const at = <Item>(list: readonly Item[], i: number): Item => {
  const item = list[i % list.length];
  if (item === undefined) throw new Error('an empty list');
  return item;
};

function componentOf(i: number): string {
  const round = Math.floor(i / FUNCTIONS.length);
  return `lambda:${at(FUNCTIONS, i)}${round === 0 ? '' : `-${round}`}`;
}

function sampleDeploy(i: number, components: number): ReportDeploy {
  const start = END - 40 * MINUTE - (i * (components > 10 ? 49 : 97) + ((i * 37) % 41)) * MINUTE;
  const env = at(ENVS, i % 3 === 2 ? 1 : 0);
  const sha = toSha(i);
  return {
    deploy_id: toUuid(2, i),
    env,
    components: [componentOf((i * 7 + (i % 3)) % components)],
    account: '123456789012',
    region: 'eu-west-1',
    git_sha: sha,
    status: i % 9 === 4 ? 'failed' : 'success',
    kind: i % 13 === 6 ? 'rollback' : 'deploy',
    role_session_name: `ci-${env}-deploy-${env}-sam-deploy-${sha.slice(0, 7)}`,
    role_arn: 'arn:aws:iam::123456789012:role/deploy',
    actor: 'circleci',
    started_at: toTime(start),
    deployed_at: toTime(start + 7 * MINUTE),
    window: { from: toTime(start - 2 * MINUTE), until: toTime(start + 17 * MINUTE), assumed_start: false },
    state: 'changed',
    changes: 0,
    uids: [toUuid(5, i)],
    triggered_by: 'jane',
    repository: 'acme/app',
    ref: 'main',
    commit_url: `https://github.com/acme/app/commit/${sha}`,
    reason: 'OPS-123',
    approved_by: 'bob',
    url: `https://app.circleci.com/pipelines/gh/acme/app/${4100 - i}`,
  };
}

const PERSON = {
  kind: 'identity-center',
  name: 'arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/jane@example.com',
  role: 'AWSReservedSSO_Admin_0123456789abcdef',
  session: 'jane@example.com',
} as const;

function openChange(base: ReportChange, i: number, [deploy, other]: readonly ReportDeploy[]): ReportChange {
  const ids = [deploy, other].flatMap(one => (one === undefined ? [] : [one.deploy_id]));
  if (i % 4 === 0)
    return {
      ...base,
      actor: PERSON,
      standing: 'unexplained',
      deploys: [],
      time: shift(base.time, 20 + ((i * 131) % 900) - 600),
    };
  if (i % 4 === 1)
    return { ...base, actor: PERSON, standing: 'coincident', rule: 'window', deploys: ids.slice(0, 1) };
  if (i % 4 === 2) return { ...base, standing: 'ambiguous', rule: 'stack', deploys: ids };
  const note = 'OPS-1311: memory raised by hand while the queue was full, explained by jane';
  return {
    ...base,
    actor: PERSON,
    standing: 'attested',
    rule: 'attestation',
    note,
    time: shift(base.time, 43),
  };
}

const shift = (time: string, minutes: number) => toTime(Date.parse(time) + minutes * MINUTE);

function sampleChange(i: number, deploys: readonly ReportDeploy[]): ReportChange {
  // The last one of several is left without a change.
  const deploy = at(deploys.length > 1 ? deploys.slice(0, -1) : deploys, i);
  const [component = ''] = deploy.components;
  const base = {
    event_id: toUuid(7, i),
    time: shift(deploy.window.from, 3 + (i % 6)),
    account: '123456789012',
    region: 'eu-west-1',
    service: 'lambda',
    action: at(ACTIONS, Math.floor(i / deploys.length)),
    component,
    actor: { kind: 'session', name: 'deploy', role: 'deploy', session: deploy.role_session_name ?? '' },
    standing: 'explained',
    deploys: [deploy.deploy_id],
  } satisfies ReportChange;
  if (i % 8 === 3)
    return openChange(base, Math.floor(i / 8), [deploy, at(deploys, deploys.indexOf(deploy) + 1)]);
  if (i % 5 !== 2) return { ...base, rule: 'session' };
  const actor = {
    kind: 'service',
    name: 'AWSCloudFormation',
    role: 'cfn-service',
    session: 'AWSCloudFormation',
  } as const;
  return { ...base, actor, rule: 'stack' };
}

function sampleFindings(changes: readonly ReportChange[], deploys: readonly ReportDeploy[]): ReportFinding[] {
  const found = changes.flatMap((change, i): ReportFinding[] => {
    const { event_id, time, component, account, region, action, standing } = change;
    const base = { time, component, account, region, event_id };
    if (standing === 'coincident' || standing === 'ambiguous') {
      const kind = standing === 'coincident' ? 'coincident-change' : 'ambiguous-change';
      return [{ ...base, id: `b${i}`, kind, message: `${action} is ${standing}`, fails: false }];
    }
    if (standing !== 'unexplained') return [];
    const accepted = i % 3 === 2 ? { accepted: 'in the baseline of 2025-12-01' } : {};
    return [
      {
        ...base,
        id: `a${i}`,
        kind: 'unexplained-change',
        message: `no deploy explains ${action}`,
        fails: true,
        ...accepted,
      },
      {
        ...base,
        id: `p${i}`,
        kind: 'person-change',
        message: `${action} by jane@example.com (identity-center)`,
        fails: true,
        new: true,
        ...accepted,
      },
    ];
  });
  const missing = deploys.filter(({ state }) => state === 'missing');
  return [
    ...found,
    ...missing.map(
      (deploy, i): ReportFinding => ({
        id: `m${i}`,
        kind: 'marker-without-change',
        message: `deploy ${deploy.git_sha.slice(0, 7)} of prod changed nothing that these sources show`,
        time: deploy.started_at ?? deploy.window.from,
        component: deploy.components[0] ?? '',
        account: '123456789012',
        region: 'eu-west-1',
        deploy_id: deploy.deploy_id,
        fails: false,
      }),
    ),
  ];
}

/** A report as `trace` or `audit` makes it, with so many changes, always the same. */
export function sampleReport({ changes: size, command = 'trace', complete = true }: SampleOptions): Report {
  const components = size < 10 ? 1 : size < 100 ? 4 : 40;
  const made = Array.from({ length: Math.min(200, Math.ceil(size / 4) + (size > 9 ? 1 : 0)) }, (_, i) =>
    sampleDeploy(i, components),
  );
  const changes = Array.from({ length: size }, (_, i) => sampleChange(i, made)).sort((a, b) =>
    a.time < b.time ? 1 : -1,
  );
  const explained = changes.filter(({ standing }) => standing === 'explained');
  const own = new Map<string | undefined, number>();
  for (const change of explained) own.set(change.deploys[0], (own.get(change.deploys[0]) ?? 0) + 1);
  const deploys = made.map(deploy => {
    const number = own.get(deploy.deploy_id) ?? 0;
    return { ...deploy, changes: number, state: number > 0 ? 'changed' : 'missing' } as const;
  });
  const counts = STANDINGS.map(
    standing => [standing, changes.filter(change => change.standing === standing).length] as const,
  );
  const error = {
    code: 'ACCESS_DENIED',
    message: 'cloudtrail:LookupEvents is not allowed for role audit in us-east-1',
  };
  return {
    version: 1,
    command,
    generated_at: '2025-12-14T18:00:05Z',
    from: '2025-12-07T18:00:00Z',
    until: '2025-12-14T18:00:00Z',
    question: size < 10 ? { component: 'lambda:resize-image', since: '7d' } : { since: '7d' },
    complete,
    sources: [
      {
        source: 'lake:1b2c3d4e-5f60-4a7b-8c9d-0e1f2a3b4c5d',
        side: 'markers',
        records: deploys.length,
        complete: true,
      },
      { source: 'event-history 123456789012 eu-west-1', side: 'changes', records: size, complete: true },
      ...(complete
        ? []
        : [
            {
              source: 'event-history 123456789012 us-east-1',
              side: 'changes',
              records: 0,
              complete,
              error,
            } as const,
          ]),
    ],
    gaps: complete
      ? []
      : [
          {
            kind: 'failed',
            subject: 'event-history 123456789012 us-east-1',
            message: error.message,
            incomplete: true,
          },
        ],
    totals: {
      deploys: deploys.length,
      changes: size,
      standings: {
        explained: 0,
        attested: 0,
        'aws-service': 0,
        ambiguous: 0,
        coincident: 0,
        unexplained: 0,
        ...Object.fromEntries(counts),
      },
    },
    deploys,
    changes: command === 'audit' ? changes.filter(({ standing }) => standing !== 'explained') : changes,
    ...(command === 'audit' ? { findings: sampleFindings(changes, deploys), judged_by: JUDGED_BY } : {}),
  };
}

const JUDGED_BY: JudgedBy = {
  tool: 'deploy-marker 1.2.3',
  fail_on: ['unexplained-change', 'person-change'],
  settings: [
    { flag: 'services', values: ['lambda', 'cloudformation'], from: 'default' },
    { flag: 'deploy-role', values: ['deploy', 'ship-*'], from: 'file' },
    { flag: 'verify', values: [], from: 'default', unset: 'no' },
    { flag: 'allow', values: ['allow.json'], from: 'environment' },
  ],
  files: [{ flag: 'allow', path: 'allow.json', sha256: 'c0f5d421'.repeat(8) }],
  accounts: ['123456789012'],
  run: {
    system: 'circleci',
    repository: 'acme/app',
    ref: 'main',
    git_sha: toSha(1),
    triggered_by: 'jane',
    url: 'https://app.circleci.com/pipelines/gh/acme/app/4100',
  },
};

/** A complete report of one change, with so many gaps that do not matter. */
export function reportWithGaps(size: number): Report {
  const gaps: Report['gaps'] = Array.from({ length: size }, (_, i) =>
    i === 0
      ? {
          kind: 'passed-over',
          subject: 'logs',
          message: '7 files beside the logs',
          count: 7,
          incomplete: false,
        }
      : { kind: 'bounded', subject: `uid-${i}`, message: 'its window was cut', count: 3, incomplete: false },
  );
  return { ...sampleReport({ changes: 1 }), gaps };
}
