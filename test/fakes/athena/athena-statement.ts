import { athenaRefusal, athenaViolation } from './athena-input.ts';
import type { AthenaState } from './athena-state.ts';

/** The statement without literals. */
function withoutLiterals(statement: string): string {
  return statement.replace(/'(?:[^']|'')*'/g, "''");
}

/**
 * Checks as much of a statement as one can without running it: a single SELECT, balanced, over tables that are there, each written
 * `"database"."table"`, and each with a literal for one of its partitions.
 *
 * @throws {AwsRefusal} with Athena's words for what does not hold.
 */
export function checkStatement(athena: AthenaState, statement: string): void {
  const sql = withoutLiterals(statement).trim();
  if (!/^(?:select|with)\b/i.test(sql)) throw athenaViolation('Queries of this type are not supported');
  if (sql.replaceAll("''", '').includes("'")) throw athenaViolation('A literal is not closed');
  if (sql.includes(';')) throw athenaViolation('Only one sql statement is allowed.');
  const depth = [...sql].reduce(
    (open, char) => (open < 0 ? open : open + (char === '(' ? 1 : char === ')' ? -1 : 0)),
    0,
  );
  if (depth !== 0) throw athenaViolation('The parentheses of the statement do not match');
  const tables = [...sql.matchAll(/\b(?:from|join)\s+"([^"]+)"\."([^"]+)"/gi)];
  if (tables.length === 0) throw athenaViolation('The statement names no table');
  for (const [, database, name] of tables) {
    const table = athena.tables.get(`${database}.${name}`);
    if (table === undefined) {
      throw athenaRefusal(
        `line 1:1: TABLE_NOT_FOUND: Table 'awsdatacatalog.${database}.${name}' does not exist`,
      );
    }
    const partitions = [...table.partitions.keys()];
    const isBounded = partitions.some(each => new RegExp(`"${each}" (?:BETWEEN|IN|=|>=)`).test(sql));
    if (!isBounded) throw athenaViolation(`The statement reads all of ${name}`);
  }
}
