import { isGlobal } from '../../core/change/global.ts';
import type { Report, ReportChange, ReportDeploy } from '../../core/findings/report.ts';
import { wantsLook } from '../../core/findings/report-entry.ts';

/** Pixels that a timeline is wide at least; distances below are meant at this width. */
export const TIMELINE_WIDTH = 680;
// Closer than this, marks are one mark with a count: about as wide as the largest symbol.
const MARK_GAP = 16;
const DEPLOY_GAP = 10;

/** One component in one place, with what happened to it. */
export interface Lane {
  readonly component: string;
  readonly account: string;
  readonly region: string;
  readonly deploys: readonly ReportDeploy[];
  readonly changes: readonly ReportChange[];
}

/** A stretch of time, in milliseconds since the epoch. */
export interface TimeSpan {
  readonly from: number;
  readonly until: number;
}

/** Things that lie so close together that they are drawn as one. */
export interface Cluster<Item> {
  readonly items: readonly [Item, ...Item[]];
  /** Where it begins and ends, percent of the width. */
  readonly from: number;
  readonly until: number;
}

/** The lanes of a report, those with the most to look at first. A lane shows every deploy that names it or one of its changes. */
export function collectLanes({ changes, deploys }: Report): Lane[] {
  const lanes = new Map<
    string,
    { lane: Omit<Lane, 'deploys'>; own: ReportChange[]; deploys: Set<ReportDeploy> }
  >();
  const take = (component: string, account: string, region: string) => {
    const key = JSON.stringify([component, account, region]);
    const known = lanes.get(key);
    if (known !== undefined) return known;
    const own: ReportChange[] = [];
    const made = {
      lane: { component, account, region, changes: own },
      own,
      deploys: new Set<ReportDeploy>(),
    };
    lanes.set(key, made);
    return made;
  };
  // Where a change shows the place of what a deploy names, a marker that tells none, or another Region of a global thing, makes no lane.
  const placed = new Set<string>();
  const byId = new Map(deploys.map(deploy => [deploy.deploy_id, deploy]));
  for (const change of changes) {
    const entry = take(change.component, change.account, change.region);
    entry.own.push(change);
    for (const id of change.deploys) {
      const deploy = byId.get(id);
      if (deploy === undefined) continue;
      entry.deploys.add(deploy);
      if (isPlaceOf(deploy, change)) placed.add(nameIn(deploy, change.component));
    }
  }
  for (const deploy of deploys)
    for (const component of deploy.components)
      if (!placed.has(nameIn(deploy, component)))
        take(component, deploy.account ?? '', deploy.region ?? '').deploys.add(deploy);
  return [...lanes.values()]
    .map(entry => ({ ...entry.lane, deploys: [...entry.deploys] }))
    .sort((a, b) => weigh(b) - weigh(a));
}

function nameIn({ deploy_id }: ReportDeploy, component: string): string {
  return JSON.stringify([deploy_id, component]);
}

function isPlaceOf({ account, region }: ReportDeploy, change: ReportChange): boolean {
  const isThere = region === undefined || region === change.region || isGlobal({ service: change.service });
  return isThere && (account === undefined || account === change.account);
}

function weigh({ changes, deploys }: Lane): number {
  const unexplained = changes.filter(({ standing }) => standing === 'unexplained').length;
  return unexplained * 1e6 + changes.filter(wantsLook).length * 1e3 + changes.length + deploys.length;
}

/** The time that the lanes' deploys and changes cover, and a little around it; that of the report if they are empty. */
export function spanOf(lanes: readonly Lane[], { from, until }: Report): TimeSpan {
  const times = lanes.flatMap(({ changes, deploys }) => [
    ...changes.map(({ time }) => Date.parse(time)),
    ...deploys.flatMap(({ window }) => [Date.parse(window.from), Date.parse(window.until)]),
  ]);
  const ends = times.length > 0 ? times : [Date.parse(from), Date.parse(until)];
  const first = ends.reduce((a, b) => Math.min(a, b));
  const last = ends.reduce((a, b) => Math.max(a, b));
  const margin = Math.max((last - first) * 0.03, 120_000);
  return { from: first - margin, until: last + margin };
}

/** Changes of one row as clusters, from left to right. */
export function clusterChanges(
  changes: readonly ReportChange[],
  toPercent: (ms: number) => number,
): Cluster<ReportChange>[] {
  const items = changes.map(item => {
    const at = toPercent(Date.parse(item.time));
    return { item, from: at, until: at };
  });
  return cluster(items, MARK_GAP);
}

/** The windows of deploys as clusters, from left to right. */
export function clusterDeploys(
  deploys: readonly ReportDeploy[],
  toPercent: (ms: number) => number,
): Cluster<ReportDeploy>[] {
  const items = deploys.map(item => ({
    item,
    from: toPercent(Date.parse(item.window.from)),
    until: toPercent(Date.parse(item.window.until)),
  }));
  return cluster(items, DEPLOY_GAP);
}

interface Placed<Item> {
  readonly item: Item;
  readonly from: number;
  readonly until: number;
}

function cluster<Item>(placed: Placed<Item>[], gap: number): Cluster<Item>[] {
  const clusters: { items: [Item, ...Item[]]; from: number; until: number }[] = [];
  for (const { item, from, until } of placed.sort((a, b) => a.from - b.from)) {
    const last = clusters.at(-1);
    if (last === undefined || ((from - last.from) / 100) * TIMELINE_WIDTH >= gap) {
      clusters.push({ items: [item], from, until });
      continue;
    }
    last.items.push(item);
    last.until = Math.max(last.until, until);
  }
  return clusters;
}
