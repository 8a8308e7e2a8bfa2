import { withoutUndefined } from '../base/without-undefined.ts';
import type { DeployStanding } from '../correlate/ledger.ts';
import type { Rule, Standing } from '../correlate/standing.ts';
import type { Verdict } from '../correlate/verdict.ts';
import type { Attestation } from '../deploy/deploy.ts';
import { commitLinkOf } from '../marker/commit-link.ts';
import { makerOf } from '../marker/marker.ts';
import type { TimeRange } from '../time/range.ts';
import { formatUtcTime } from '../time/utc.ts';
import type { Report, ReportChange, ReportDeploy, ReportExplanation } from './report.ts';

/** A deploy as reports tell it. */
function toReportDeploy({ deploy, state, changes }: DeployStanding): ReportDeploy {
  const { marker, opens, closes, startedAt, endedAt } = deploy;
  const { env, account, region, git_sha, status, kind = 'deploy', actor } = marker;
  return {
    deploy_id: deploy.id,
    env,
    components: deploy.components,
    git_sha,
    status,
    kind,
    actor,
    window: {
      from: formatUtcTime(opens),
      until: formatUtcTime(closes),
      assumed_start: startedAt === undefined,
    },
    state,
    changes,
    uids: deploy.uids,
    ...withoutUndefined({
      account,
      region,
      role_session_name: deploy.identities.at(-1)?.session,
      role_arn: marker.role_arn,
      started_at: startedAt === undefined ? undefined : formatUtcTime(startedAt),
      deployed_at: endedAt === undefined ? undefined : formatUtcTime(endedAt),
      ...originOf(deploy),
    }),
  };
}

const ORIGIN = [
  'triggered_by',
  'repository',
  'ref',
  'reason',
  'approved_by',
  'url',
  'previous_git_sha',
  'target_version',
] as const;

/** Where a deploy comes from. What the marker that tells how it stands leaves out, the latest other one of that commit tells. */
function originOf({ marker, markers }: DeployStanding['deploy']): Partial<ReportDeploy> {
  const telling = [...markers.filter(({ git_sha }) => git_sha === marker.git_sha), marker];
  const origin = Object.fromEntries(
    ORIGIN.map(field => [field, telling.findLast(each => each[field] !== undefined)?.[field]] as const),
  );
  const { repository, url } = origin;
  return withoutUndefined({
    ...origin,
    commit_url: commitLinkOf({ git_sha: marker.git_sha, ...withoutUndefined({ repository, url }) }),
  });
}

/** An explanation as reports tell it. */
export function toReportExplanation(marker: Attestation): ReportExplanation {
  const { uid, actor, reason = '', recorded_at, triggered_by, approved_by, url } = marker;
  return { uid, actor, reason, recorded_at, ...withoutUndefined({ triggered_by, approved_by, url }) };
}

/** A change as reports tell it, made of its verdict whenever it is asked: a report may hold a million of them. */
export class JudgedChange implements ReportChange {
  readonly #verdict: Verdict;

  constructor(verdict: Verdict) {
    this.#verdict = verdict;
  }

  get event_id(): string {
    return this.#verdict.change.id;
  }

  get time(): string {
    return formatUtcTime(this.#verdict.change.time);
  }

  get account(): string {
    return this.#verdict.change.account;
  }

  get region(): string {
    return this.#verdict.change.region;
  }

  get service(): string {
    return this.#verdict.change.service;
  }

  get action(): string {
    return this.#verdict.change.action;
  }

  get component(): string {
    return this.#verdict.change.component;
  }

  get also(): readonly string[] | undefined {
    return this.#verdict.change.others;
  }

  get actor(): ReportChange['actor'] {
    const { kind, name, role, session, via } = this.#verdict.change.actor;
    return { kind, name, ...withoutUndefined({ role, session, via }) };
  }

  get standing(): Standing {
    return this.#verdict.standing;
  }

  get deploys(): readonly string[] {
    return this.#verdict.deploys.map(deploy => deploy.id);
  }

  get rule(): Rule | undefined {
    return this.#verdict.rule;
  }

  get note(): string | undefined {
    const { attestation, note } = this.#verdict;
    const also = this.also === undefined ? '' : `changed ${this.also.join(', ')} too`;
    const told = attestation === undefined ? (note ?? '') : noteOf(attestation);
    return [told, also].filter(Boolean).join('; ') || undefined;
  }

  get explanation(): ReportExplanation | undefined {
    const { attestation } = this.#verdict;
    return attestation === undefined ? undefined : toReportExplanation(attestation);
  }

  /** What JSON shows of it. */
  toJSON(): ReportChange {
    const {
      event_id,
      time,
      account,
      region,
      service,
      action,
      component,
      also,
      actor,
      standing,
      deploys,
      rule,
      note,
      explanation,
    } = this;
    const told = { event_id, time, account, region, service, action, component, also, actor };
    return { ...told, standing, deploys, rule, note, explanation };
  }
}

function noteOf(attestation: Attestation): string {
  const { approved_by, reason } = attestation;
  const approval = approved_by === undefined ? '' : `, approved by ${approved_by}`;
  return `explained by ${makerOf(attestation)}${approval}: ${reason}`;
}

/** Changes as reports tell them, newest first. */
export function toReportChanges(verdicts: readonly Verdict[]): ReportChange[] {
  const sorted = newestFirst(
    verdicts,
    ({ change }) => Math.floor(change.time / 1000),
    ({ change }) => change.id,
  );
  return sorted.map(verdict => new JudgedChange(verdict));
}

/** What every report begins with. */
export interface ReportFrame extends Pick<Report, 'command' | 'question' | 'sources' | 'gaps'> {
  readonly range: TimeRange;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly deploys: readonly DeployStanding[];
  readonly standings: Readonly<Record<Standing, number>>;
}

/** A report without its changes. It is complete if no gap says otherwise. */
export function toReportFrame(frame: ReportFrame): Omit<Report, 'changes'> {
  const { command, question, sources, gaps, range, now, deploys, standings } = frame;
  return {
    version: 1,
    command,
    generated_at: formatUtcTime(now),
    from: formatUtcTime(range.from),
    until: formatUtcTime(range.until),
    question,
    complete: !gaps.some(({ incomplete }) => incomplete),
    sources,
    gaps,
    totals: {
      deploys: deploys.length,
      changes: Object.values(standings).reduce((sum, count) => sum + count, 0),
      standings,
    },
    deploys: newestFirst(
      deploys.map(toReportDeploy),
      ({ window }) => window.from,
      deploy => deploy.deploy_id,
    ),
  };
}

/** Counts of changes by how they stand, all of them nothing. */
export function noChanges(): Record<Standing, number> {
  return { explained: 0, attested: 0, 'aws-service': 0, ambiguous: 0, coincident: 0, unexplained: 0 };
}

/** Newest first; entries of one second in the order of their names. */
export function newestFirst<T>(
  entries: readonly T[],
  timeOf: (entry: T) => string | number,
  nameOf: (entry: T) => string,
): T[] {
  return entries.toSorted((a, b) => compare(timeOf(b), timeOf(a)) || compare(nameOf(a), nameOf(b)));
}

function compare<T extends string | number>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Whether a change wants a look: `explained`, `attested` and `aws-service` are fine. */
export function wantsLook({ standing }: Pick<ReportChange, 'standing'>): boolean {
  return standing === 'ambiguous' || standing === 'coincident' || standing === 'unexplained';
}
