import { matchesAny } from '../base/pattern.ts';
import type { Change, RoleChain } from '../change/change.ts';
import { DEFAULT_WINDOW, type MarkerConflict, readMarkers } from '../deploy/deploy.ts';
import type { DeployWindow } from '../deploy/span.ts';
import type { StoredMarker } from '../marker/stored.ts';
import type { ServiceChoice } from '../services/choice.ts';
import { DEFAULT_SERVICES } from '../services/defaults.ts';
import { EVERYWHERE, type PlaceChoice } from '../source/place-choice.ts';
import type { TimeRange } from '../time/range.ts';
import { type Changes, gatherEvidence } from './gather.ts';
import { DeployLedger, type DeployStanding } from './ledger.ts';
import { judge, type Verdict } from './verdict.ts';

/**
 * A marker that is younger than this and without a change is waiting, for CloudTrail delivers within about five minutes on
 * average and promises nothing. Milliseconds.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-lake.html
 */
export const DEFAULT_WAITING = 30 * 60_000;

/** What is correlated. */
export interface CorrelationInput {
  readonly markers: Iterable<StoredMarker>;
  /** Gone through up to three times. A change that is there twice is judged twice. */
  readonly changes: Changes;
  /** AssumeRole calls, which tie roles that pipelines take on the way to their sessions. */
  readonly chains?: Iterable<RoleChain>;
}

/** How correlation is done. Patterns are names in which `*` stands for any characters and `?` for one. */
export interface CorrelationOptions {
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly window?: Partial<DeployWindow>;
  /** Roles that deploys use, besides those that markers name. */
  readonly deployRoles?: readonly string[];
  /** Service roles of CloudFormation's, for stacks whose role no record names. */
  readonly serviceRoles?: readonly string[];
  /** Roles that pipelines take on the way to CloudFormation, where the AssumeRole record is missing. */
  readonly bridgeRoles?: readonly string[];
  /** Services whose changes were read; default `lambda` and `cloudformation`. */
  readonly services?: ServiceChoice;
  /** The time for which changes were read, which is less than a deploy's window at its ends; default all time. */
  readonly seen?: TimeRange;
  /** Accounts and Regions of which changes were read; default all. */
  readonly places?: PlaceChoice;
  /** Is told of each call that made a change set which nobody carried out, or threw one away: it is no change. */
  readonly onIdle?: (change: Change) => void;
  /** Calls that nobody wants judged, as patterns of `SERVICE:ACTION`. What they say of others still counts. */
  readonly ignored?: readonly string[];
  /** Is told of each of these. */
  readonly onIgnored?: (change: Change) => void;
}

/** What came of it. */
export interface Correlation {
  /** In the order of their starts. */
  readonly deploys: readonly DeployStanding[];
  /** Those that were judged. */
  readonly changes: number;
  /** Uids that stand for more than one content. */
  readonly conflicts: readonly MarkerConflict[];
}

/**
 * Ties changes to the deploys that made them. Pure: the same input gives the same verdicts.
 *
 * Markers are folded by uid and grouped by deploy id; then each change meets the rules of `CORRELATION_RULES` in their
 * order, a person's explanation of it, and the window of deploys of its component.
 *
 * @example
 * correlate({ markers, changes }, { now: Date.now() }, ({ change, standing }) => {
 *   if (standing === 'unexplained') console.log(change.component, change.actor.name);
 * });
 * @param take is given every change's verdict, in the order of the changes, before the deploys' standings are known
 */
export function correlate(
  { markers, changes, chains = [] }: CorrelationInput,
  options: CorrelationOptions,
  take: (verdict: Verdict) => void,
): Correlation {
  const { now, deployRoles = [], serviceRoles = [], bridgeRoles = [] } = options;
  const { services = DEFAULT_SERVICES, places = EVERYWHERE } = options;
  const window = { ...DEFAULT_WINDOW, ...options.window };
  const read = readMarkers(markers, window, now);
  const evidence = gatherEvidence({
    markers: read,
    chains,
    changes,
    reach: window.assumed,
    isDeployRole: matchesAny(deployRoles),
    isServiceRole: matchesAny(serviceRoles),
    isBridgeRole: matchesAny(bridgeRoles),
  });
  const ledger = new DeployLedger(evidence);
  const isIgnored = matchesAny(options.ignored ?? []);
  let count = 0;
  for (const change of changes) {
    if (evidence.changeSets.isIdle(change)) {
      options.onIdle?.(change);
      continue;
    }
    const verdict = judge(change, evidence);
    ledger.add(verdict);
    if (isIgnored(`${change.service}:${change.action}`)) {
      options.onIgnored?.(change);
      continue;
    }
    take(verdict);
    count += 1;
  }
  const seen = options.seen ?? { from: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY };
  const reading = { services, seen, places };
  const rules = { now, unfinishedAfter: window.unfinishedAfter, waiting: DEFAULT_WAITING, ...reading };
  const standings = read.deploys.map(deploy => ledger.standingOf(deploy, rules));
  return { deploys: standings, changes: count, conflicts: read.conflicts };
}
