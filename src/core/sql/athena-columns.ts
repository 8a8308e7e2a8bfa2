import { type TableLayout, unsuitable } from './athena-table.ts';

/** A column that is wanted, or a field of one that is a struct: `useridentity.arn`. */
export interface WantedColumn {
  readonly name: string;
  /** Types that will do, as Hive writes them; default texts. */
  readonly types?: RegExp;
  /** Without it there is no answer at all. */
  readonly isNeeded?: true;
}

const TEXT = /^(?:string|varchar\(\d+\)|char\(\d+\))$/;

/**
 * Which of the wanted columns a table has.
 *
 * @throws DeployMarkerError TABLE_UNSUITABLE where one that is needed is missing, or one has a type of its own
 */
export function splitColumns<C extends WantedColumn>(
  layout: TableLayout,
  wanted: readonly C[],
): { readonly there: readonly C[]; readonly missing: readonly C[] } {
  const there: C[] = [];
  const missing: C[] = [];
  for (const column of wanted) {
    const type = typeOf(layout, column.name);
    if (type === undefined && column.isNeeded === true) {
      throw unsuitable(layout, `has no column ${column.name}`);
    }
    if (type !== undefined && !(column.types ?? TEXT).test(type)) {
      throw unsuitable(layout, `has ${column.name} as ${type}, which is not what AWS's own table has`);
    }
    (type === undefined ? missing : there).push(column);
  }
  return { there, missing };
}

function typeOf({ columns }: TableLayout, name: string): string | undefined {
  const [column = '', ...fields] = name.split('.');
  return fields.reduce<string | undefined>(
    (type, field) => (type === undefined ? undefined : fieldsOfStruct(type).get(field)),
    columns.get(column)?.toLowerCase().replaceAll(' ', ''),
  );
}

/** The fields of `struct<a:string,b:struct<c:string>>` with their types. */
function fieldsOfStruct(type: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  const inner = /^struct<(.*)>$/.exec(type)?.[1] ?? '';
  let depth = 0;
  let begin = 0;
  for (let at = 0; at <= inner.length; at += 1) {
    const char = inner[at];
    if (char === '<' || char === '(') depth += 1;
    else if (char === '>' || char === ')') depth -= 1;
    if (char !== undefined && (char !== ',' || depth > 0)) continue;
    const [, name, own] = /^(\w+):(.+)$/.exec(inner.slice(begin, at)) ?? [];
    if (name !== undefined && own !== undefined) fields.set(name, own);
    begin = at + 1;
  }
  return fields;
}
