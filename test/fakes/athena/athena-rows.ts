import { isJsonObject } from '../http-message.ts';
import { type AthenaAnswer, columnsOf } from './athena-state.ts';
import { MARKER_TABLE } from './athena-tables.ts';

/** What there is in the two tables; no statement is understood, so that each gets all of its table. */
export function answerWith(records: readonly object[], markers: readonly object[]) {
  return (statement: string): AthenaAnswer => {
    const columns = columnsOf(statement);
    const all = statement.includes(`"${MARKER_TABLE.table}"`) ? markers : records;
    return { columns, rows: all.map(each => columns.map(column => cellOf(each, column))) };
  };
}

/** The cell of `useridentity_arn` is the field `arn` of `userIdentity`, however it is spelt; that of `deploy_id` the field of that name. */
function cellOf(value: unknown, column: string): string | null {
  if (!isJsonObject(value)) return toText(value, column);
  const whole = Object.entries(value).find(([name]) => name.toLowerCase() === column);
  if (whole !== undefined) return toText(whole[1], column);
  const inner = Object.entries(value).find(([name]) => column.startsWith(`${name.toLowerCase()}_`));
  return inner === undefined ? null : cellOf(inner[1], column.slice(inner[0].length + 1));
}

function toText(value: unknown, column: string): string | null {
  if (value === undefined || value === null) return null;
  if (column === 'resources' && Array.isArray(value)) {
    return JSON.stringify(
      value.map(each => (isJsonObject(each) ? (each['ARN'] ?? each['arn'] ?? null) : null)),
    );
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}
