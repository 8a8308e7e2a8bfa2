import type { NameTest } from '../base/pattern.ts';
import { withoutUndefined } from '../base/without-undefined.ts';
import { isPerson } from '../change/change.ts';
import { componentKey } from '../component/key.ts';
import type { ScopeTest } from '../component/scope.ts';
import type { DeployStanding } from '../correlate/ledger.ts';
import type { Rule, Standing } from '../correlate/standing.ts';
import type { Verdict } from '../correlate/verdict.ts';
import { type MarkerConflict, targetOf } from '../deploy/deploy.ts';
import type { StoredMarker } from '../marker/stored.ts';
import type { TimeRange } from '../time/range.ts';
import { ChangeFinding } from './change-finding.ts';
import type { FindingKind, ReportFinding } from './report.ts';

/** What fails an audit if nobody says otherwise; the other kinds are information. */
export const DEFAULT_FAIL_ON: readonly FindingKind[] = [
  'tampered-log',
  'unexplained-change',
  'unexpected-session',
  'person-change',
  'conflicting-marker',
];

/** What each kind of finding is; the table of the commands' page is made from it. */
export const FINDING_MEANINGS: Readonly<Record<FindingKind, string>> = {
  'tampered-log':
    'under `--verify`, a log or digest that is not what CloudTrail delivered; it fails whatever `--fail-on` and lists say',
  'unexplained-change':
    'a change that no deploy explains; in a deploy’s window, too, if nothing tells who made it',
  'unexpected-session':
    'a change by a session whose name does not fit, unless a rule ties it to a deploy by more than the name',
  'person-change':
    'a change by a person: IAM user, root, Identity Center, a role of `--human-role`, or any role in the console',
  'conflicting-marker': 'a marker whose `uid` stands for two contents, of which one is not its deploy’s',
  'coincident-change':
    'a change in the window of a deploy of its component, by somebody who is not expected to deploy',
  'ambiguous-change': 'a change that may belong to more than one deploy',
  'failed-deploy-changed': 'a deploy that failed or was canceled, and had changed something',
  'marker-without-change':
    'a deploy that succeeded, and of whose component no change was found; not if its change set was empty',
  'unfinished-deploy': 'a deploy that started and did not end within `--unfinished-after`',
  'attested-change': 'a change that a marker `explains`, and that is no other finding for it',
  'aws-service-change': 'a change that an AWS service made by itself, as a service-linked role say',
};

/** A finding before anybody accepts it. */
export type Finding = Omit<ReportFinding, 'fails' | 'accepted' | 'new'>;

const BY_STANDING: Readonly<Partial<Record<Standing, FindingKind>>> = {
  unexplained: 'unexplained-change',
  coincident: 'coincident-change',
  ambiguous: 'ambiguous-change',
  'aws-service': 'aws-service-change',
};

/** Rules that tie a change to a deploy by more than its session's name. */
const BEYOND_NAMES: readonly Rule[] = ['chain', 'stack', 'rollback', 'version'];

/** What one change's verdict gives to find; nothing where all is well. */
export function findInChange(verdict: Verdict, isSessionName: NameTest): ChangeFinding[] {
  const { standing, rule, attestation, person } = verdict;
  const { actor } = verdict.change;
  const kinds: FindingKind[] = [];
  const toFinding = (kind: FindingKind): ChangeFinding => new ChangeFinding(verdict, kind);
  // Somebody who may be anybody is nobody who merely met a deploy.
  const isNobodys = standing === 'coincident' && actor.kind === 'unknown';
  const odd = BY_STANDING[isNobodys ? 'unexplained' : standing];
  if (odd !== undefined) kinds.push(odd);
  // Whoever explains a change has looked at who made it. But nobody vouches for the explanation, so that it is told.
  if (standing === 'attested' || attestation !== undefined)
    return [...kinds, 'attested-change' as const].map(toFinding);
  if (isPerson(actor) || person !== undefined) kinds.push('person-change');
  const isOddSession = actor.kind === 'session' && !isSessionName(actor.session ?? '');
  if (isOddSession && (rule === undefined || !BEYOND_NAMES.includes(rule))) kinds.push('unexpected-session');
  return kinds.map(toFinding);
}

/** What two copies of a marker give to find that say different things, if they tell of the time that is asked for. */
export function findInConflict(
  { uid, copies }: MarkerConflict,
  range: TimeRange,
  isInScope: ScopeTest,
): Finding[] {
  const times = copies.flatMap(timesOf).sort((a, b) => a - b);
  const [from = 0, until = 0] = [times[0], times.at(-1)];
  const [{ component, account, region, explains, deploy_id, recorded_at }] = copies;
  const isAsked = explains !== undefined || copies.some(copy => isMarkerInScope(copy, isInScope));
  if (!isAsked || from >= range.until || until < range.from) return [];
  return [
    {
      id: `conflicting-marker:${uid}`,
      kind: 'conflicting-marker',
      message: `the marker ${uid} is there with two contents, of which one was not written by its deploy`,
      time: recorded_at,
      component: componentKey(component),
      ...withoutUndefined({ account, region }),
      deploy_id,
    },
  ];
}

function isMarkerInScope(marker: StoredMarker, isInScope: ScopeTest): boolean {
  const target = targetOf(marker);
  return isInScope(target.component, target);
}

function timesOf({ started_at, deployed_at, recorded_at, storedAt }: StoredMarker): number[] {
  const told = [started_at, deployed_at, recorded_at]
    .flatMap(time => time ?? [])
    .map(time => Date.parse(time));
  return storedAt === undefined ? told : [...told, storedAt];
}

/** What a deploy gives to find, once all its changes are known; it is told by its first component in scope. */
export function findInDeploy(
  { deploy, state, hasChanged, unchanged, isYoung }: DeployStanding,
  isInScope: ScopeTest,
): Finding[] {
  const { marker, targets } = deploy;
  const commit = marker.git_sha.slice(0, 7);
  // The first of a component counts. Looked up, for a deploy may name very many.
  const places = new Map(targets.toReversed().map(target => [target.component, target]));
  const toFinding = (kind: FindingKind, component: string, message: string): Finding => {
    const { account, region } = places.get(component) ?? marker;
    return {
      id: `${kind}:${deploy.id}${kind === 'marker-without-change' ? `:${component}` : ''}`,
      kind,
      message,
      time: marker.deployed_at ?? marker.started_at ?? marker.recorded_at,
      component,
      ...withoutUndefined({ account, region }),
      deploy_id: deploy.id,
    };
  };
  const inScope = new Set(
    targets.flatMap(target => (isInScope(target.component, target) ? [target.component] : [])),
  );
  const [first] = inScope;
  if (first === undefined) return [];
  const findings: Finding[] = [];
  if (state === 'unfinished') {
    const message = `the deploy of ${commit} to ${first} started and never ended`;
    findings.push(toFinding('unfinished-deploy', first, message));
  }
  if ((marker.status === 'failed' || marker.status === 'canceled') && hasChanged) {
    const what = marker.status === 'failed' ? 'failed' : 'was canceled';
    const message = `the deploy of ${commit} to ${first} ${what}, but had changed something`;
    findings.push(toFinding('failed-deploy-changed', first, message));
  }
  const wantsChange = marker.status === 'success' && !isYoung && (state === 'missing' || state === 'changed');
  for (const component of wantsChange ? unchanged.filter(each => inScope.has(each)) : []) {
    const message = `the deploy of ${commit} says it changed ${component}, but no change was found`;
    findings.push(toFinding('marker-without-change', component, message));
  }
  return findings;
}
