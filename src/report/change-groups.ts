import type { ReportChange } from '../core/findings/report.ts';
import type { Paragraph } from './plain-text.ts';
import { toPlainTime } from './words/report-words.ts';

/** As many events of one group are told; JSON has them all. */
const MOST_EVENTS = 50;

/** Equal changes, told together. */
export interface ChangeGroup {
  readonly first: ReportChange;
  readonly last: ReportChange;
  /** In the order of time. */
  readonly changes: readonly ReportChange[];
}

/** Takes changes in the order of time; groups stay in the order of their first change. */
export function groupChanges(changes: readonly ReportChange[]): ChangeGroup[] {
  const groups = new Map<string, { first: ReportChange; last: ReportChange; changes: ReportChange[] }>();
  for (const change of changes) {
    const { standing, rule, action, component, account, region, actor, deploys, note } = change;
    const key = JSON.stringify([standing, rule, action, component, account, region, actor, deploys, note]);
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, { first: change, last: change, changes: [change] });
      continue;
    }
    group.last = change;
    group.changes.push(change);
  }
  return [...groups.values()];
}

/** What was called, and how often. */
export function describeAction({ last, changes }: ChangeGroup): string {
  return changes.length > 1 ? `${last.action} x${changes.length}` : last.action;
}

/** The ids that `emit --explains` takes, each with its time where there are several. */
export function eventParagraphs({ changes }: ChangeGroup, indent: string): Paragraph[] {
  if (changes.length === 1)
    return changes.map(({ event_id }) => ({
      first: `${indent}event `,
      text: event_id,
      tones: { first: 'soft', text: 'soft' },
    }));
  const left = changes.length - MOST_EVENTS;
  return [
    ...changes.slice(0, MOST_EVENTS).map(({ time, event_id }) => ({
      first: `${indent}${toPlainTime(time)}  event `,
      text: event_id,
      rest: `${indent}  `,
    })),
    ...(left > 0
      ? [{ first: indent, text: `… and ${left.toLocaleString('en')} more events, see --json` }]
      : []),
  ];
}
