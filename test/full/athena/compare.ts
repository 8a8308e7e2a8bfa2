import { DEFAULT_WINDOW } from '../../../src/core/deploy/deploy.ts';
import { athenaCorrelationSql } from '../../../src/core/sql/athena-correlation.ts';
import { type Answers, answersOf, type Question } from '../lake/compare.ts';
import { openAthenaTables } from './dialect.ts';

/** Six hours. */
const LATE = 6 * 3_600_000;

/** What the statement says over the same in two tables of Athena. */
export async function inAthena({ markers, records, range, now, window = {} }: Question): Promise<Answers> {
  const athena = await openAthenaTables();
  await athena.addMarkers(markers);
  await athena.addChanges(records);
  const { markerTable, changeTable } = athena;
  return answersOf(
    await athena.run(
      athenaCorrelationSql({
        markerTable,
        changeTable,
        range,
        late: LATE,
        now,
        ...DEFAULT_WINDOW,
        ...window,
      }),
    ),
  );
}
