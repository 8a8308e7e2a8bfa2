import { type DoctorCheck, passed } from '../../../core/doctor-check.ts';
import { type DoctorScene, diagnose } from '../scene.ts';

/** What checks of Athena's tables are called. */
export const TABLES = 'tables';

/** A table that a setting names. */
export interface NamedTable {
  readonly setting: string;
  readonly text: string;
  readonly holds: 'markers' | 'changes';
}

/** The check of how Athena's tables are named; none where no setting names one. */
export async function checkTableNames(scene: DoctorScene): Promise<DoctorCheck[]> {
  const tables = tablesOf(scene);
  if (tables.length === 0) return [];
  const { parseTableName, titleOf } = await import('../../../core/sql/athena-table.ts');
  const check = diagnose(TABLES, async () => {
    const titles = tables.map(({ setting, text }) => titleOf(parseTableName(text, setting)));
    return passed(TABLES, [...new Set(titles)].join('; '));
  });
  return [await check];
}

/** The tables that settings name, each once. */
export function tablesOf({ trail, query }: DoctorScene): NamedTable[] {
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
