import type { ServiceOptions } from '../../../aws/client/service-client.ts';
import { type DoctorCheck, noted, passed } from '../../../core/doctor-check.ts';
import { athenaMarkersSql } from '../../../core/sql/athena-markers.ts';
import { athenaRecordsSql } from '../../../core/sql/athena-records.ts';
import { parseTableName, type TableLayout, titleOf } from '../../../core/sql/athena-table.ts';
import { type DoctorScene, diagnoseInTime } from '../scene.ts';
import { type NamedTable, TABLES, tablesOf } from './table-names.ts';

/** The checks of what Athena's catalogue tells of those tables: whether they have what is read of them. */
export function checkTables(scene: DoctorScene, asking: ServiceOptions): Promise<DoctorCheck[]> {
  const checks = tablesOf(scene).map(({ setting, text, holds }) =>
    diagnoseInTime(TABLES, scene, 'Athena', async signal => {
      const table = parseTableName(text, setting);
      const { readTableLayout } = await import('../../../aws/athena/table-layout.ts');
      const layout = await readTableLayout(asking, table, signal);
      const missing = missingOf(layout, holds, scene);
      const title = titleOf(table);
      if (missing.length === 0) return passed(TABLES, `${title} exists, and has what is read of ${holds}`);
      const next = 'make it anew, as `deploy-marker template athena` has it; it holds no data of its own';
      return noted(TABLES, 'warn', `${title} has no ${missing.join(', ')}: answers are incomplete`, next);
    }),
  );
  return Promise.all(checks);
}

/** The statements are made as `trace` makes them, and none is run: that would cost money. */
function missingOf(
  layout: TableLayout,
  holds: NamedTable['holds'],
  { trail, context: { io } }: DoctorScene,
): readonly string[] {
  const now = io.now();
  const range = { from: now - 86_400_000, until: now };
  if (holds === 'markers') return athenaMarkersSql(layout, range).missing;
  const accounts = trail.account.flatMap(account => /^\d{12}/.exec(account)?.[0] ?? []);
  const asked = { ...range, services: ['lambda'], regions: trail.region, accounts, late: 0 };
  return athenaRecordsSql(layout, asked).missing;
}
