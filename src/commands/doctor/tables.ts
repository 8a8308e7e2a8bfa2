import type { ServiceOptions } from '../../aws/client/service-client.ts';
import { type DoctorCheck, failed, noted, passed } from '../../core/doctor-check.ts';
import { athenaMarkersSql } from '../../core/sql/athena-markers.ts';
import { athenaRecordsSql } from '../../core/sql/athena-records.ts';
import { parseTableName, type TableLayout, titleOf } from '../../core/sql/athena-table.ts';
import { toDeployMarkerError } from '../../errors/render.ts';
import { type DoctorScene, diagnoseInTime } from './scene.ts';

const NAME = 'tables';

/** A table that a setting names. */
interface NamedTable {
  readonly setting: string;
  readonly text: string;
  readonly holds: 'markers' | 'changes';
}

/** The check of how Athena's tables are named; none where no setting names one. */
export function checkTableNames(scene: DoctorScene): DoctorCheck[] {
  const tables = tablesOf(scene);
  if (tables.length === 0) return [];
  try {
    const titles = tables.map(({ setting, text }) => titleOf(parseTableName(text, setting)));
    return [passed(NAME, [...new Set(titles)].join('; '))];
  } catch (error) {
    return [failed(NAME, toDeployMarkerError(error))];
  }
}

/** The checks of what Athena's catalogue tells of those tables: whether they have what is read of them. */
export function checkTables(scene: DoctorScene, asking: ServiceOptions): Promise<DoctorCheck[]> {
  const checks = tablesOf(scene).map(({ setting, text, holds }) =>
    diagnoseInTime(NAME, scene, 'Athena', async signal => {
      const table = parseTableName(text, setting);
      const { readTableLayout } = await import('../../aws/athena/table-layout.ts');
      const layout = await readTableLayout(asking, table, signal);
      const missing = missingOf(layout, holds, scene);
      const title = titleOf(table);
      if (missing.length === 0) return passed(NAME, `${title} exists, and has what is read of ${holds}`);
      const next = 'make it anew, as `deploy-marker template athena` has it; it holds no data of its own';
      return noted(NAME, 'warn', `${title} has no ${missing.join(', ')}: answers are incomplete`, next);
    }),
  );
  return Promise.all(checks);
}

function tablesOf({ trail, query }: DoctorScene): NamedTable[] {
  const among = (setting: 'markers' | 'changes'): NamedTable[] =>
    trail[setting].flatMap(source => {
      const text = /^athena:(.*)$/.exec(source)?.[1];
      return text === undefined ? [] : [{ setting: `--${setting} athena:`, text, holds: setting }];
    });
  const own = (setting: 'marker-table' | 'change-table', holds: 'markers' | 'changes'): NamedTable[] => {
    const text = query[setting];
    return text === undefined ? [] : [{ setting: `--${setting}`, text, holds }];
  };
  const all = [
    ...among('markers'),
    ...among('changes'),
    ...own('marker-table', 'markers'),
    ...own('change-table', 'changes'),
  ];
  return [...new Map(all.map(each => [`${each.text} ${each.holds}`, each])).values()];
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
  return athenaRecordsSql(layout, { ...range, services: ['lambda'], regions: trail.region, accounts })
    .missing;
}
