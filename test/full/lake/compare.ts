import type { Change } from '../../../src/core/change/change.ts';
import { createRecordReader } from '../../../src/core/change/record.ts';
import { correlate } from '../../../src/core/correlate/correlate.ts';
import { DEFAULT_WINDOW } from '../../../src/core/deploy/deploy.ts';
import type { DeployWindow } from '../../../src/core/deploy/span.ts';
import type { Marker } from '../../../src/core/marker/marker.ts';
import { DEFAULT_SERVICES } from '../../../src/core/services/defaults.ts';
import { correlationSql } from '../../../src/core/sql/correlation.ts';
import { isWithin, type TimeRange } from '../../../src/core/time/range.ts';
import { openLakeTables } from './dialect.ts';

/** What both are asked. */
export interface Question {
  readonly markers: readonly Marker[];
  readonly records: readonly object[];
  readonly range: TimeRange;
  readonly now: number;
  readonly window?: Partial<DeployWindow>;
}

/** Rule, standing and deploys of each change that is tied to one, by its event id. */
export type Answers = Record<string, string>;

/** What the rules say. */
export function inTypeScript({ markers, records, range, now, window = {} }: Question): Answers {
  const changes: Change[] = [];
  const read = createRecordReader(
    { services: DEFAULT_SERVICES, isHumanRole: () => false },
    { change: change => changes.push(change), chain: () => undefined },
  );
  for (const record of records) read(record);
  const answers: Answers = {};
  correlate({ markers, changes }, { now, window }, ({ change, rule, standing, deploys }) => {
    if (!isWithin(change.time, range) || deploys.length === 0) return;
    answers[change.id] = answer(
      rule,
      standing,
      deploys.map(({ id }) => id),
    );
  });
  return answers;
}

/** What the statement says over the same in two event data stores. */
export async function inLake({ markers, records, range, now, window = {} }: Question): Promise<Answers> {
  const lake = await openLakeTables();
  await lake.addMarkers(markers);
  await lake.addChanges(records);
  const { markerStore, changeStore } = lake;
  const rows = await lake.run(
    correlationSql({ markerStore, changeStore, range, now, ...DEFAULT_WINDOW, ...window }),
  );
  const found = new Map<string, { rule: unknown; standing: unknown; deploys: Set<string> }>();
  for (const { event_id, rule, standing, deploy_id } of rows) {
    if (event_id === null) continue;
    const one = found.get(String(event_id)) ?? { rule, standing, deploys: new Set() };
    found.set(String(event_id), one);
    one.deploys.add(String(deploy_id));
  }
  return Object.fromEntries(
    [...found].map(([id, { rule, standing, deploys }]) => [id, answer(rule, standing, [...deploys])]),
  );
}

function answer(rule: unknown, standing: unknown, deploys: readonly string[]): string {
  return [rule, standing, ...deploys.toSorted()].join(' ');
}
