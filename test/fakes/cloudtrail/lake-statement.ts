import { cloudTrailRefusal, cloudTrailViolation } from './cloudtrail-input.ts';
import type { LakeState } from './lake-state.ts';

const STORE_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function invalid(why: string): Error {
  return cloudTrailViolation('InvalidQueryStatementException', why);
}

/** The statement without what only looks like SQL: literals, quoted names, and the FROM of functions and comparisons. */
function stripDecoys(statement: string): string {
  return statement
    .replace(/'(?:[^']|'')*'/g, "''")
    .replace(/"(?:[^"]|"")*"/g, '"q"')
    .replace(/--.*$/gm, ' ')
    .replace(/\/\*[\s\S]*?\*\//g, ' ')
    .replace(/\b(?:extract|trim|substring)\s*\([^()]*\)/gi, 'x')
    .replace(/\bdistinct\s+from\b/gi, '<>');
}

/** The names that FROM and JOIN are followed by; those of WITH and calls of functions are not stores. */
function findStoreNames(sql: string): string[] {
  const local = new Set([...sql.matchAll(/\b(\w+)\s+as\s*\(\s*select\b/gi)].map(([, name]) => name));
  return [...sql.matchAll(/\b(?:from|join)\s+([^\s(),;]+)\s*(\(?)/gi)]
    .filter(([, name, call]) => call === '' && !local.has(name))
    .map(([, name = '']) => name);
}

/**
 * Checks as much of a statement as one can without running it: a single SELECT, over stores of `place` that are open.
 *
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/query-limitations.html
 *
 * @throws {AwsRefusal} with CloudTrail's name for what does not hold.
 */
export function checkStatement(lake: LakeState, statement: string, place: string): void {
  const sql = stripDecoys(statement).trim();
  if (!/^(?:\(\s*)*(?:select|with)\b/i.test(sql)) throw invalid('Only SELECT statements are supported.');
  if (sql.includes("'") && (sql.match(/'/g) ?? []).length % 2 === 1)
    throw invalid('A literal is not closed.');
  if (sql.includes(';')) throw invalid("mismatched input ';'. Expecting: <EOF>");
  const depth = [...sql].reduce(
    (open, char) => (open < 0 ? open : open + (char === '(' ? 1 : char === ')' ? -1 : 0)),
    0,
  );
  if (depth !== 0) throw invalid('The parentheses of the statement do not match.');
  const names = findStoreNames(sql);
  if (names.length === 0) throw invalid('The statement names no event data store.');
  for (const name of names) checkStore(lake, name, place);
}

function checkStore(lake: LakeState, name: string, place: string): void {
  if (!STORE_ID.test(name))
    throw cloudTrailRefusal(
      'EventDataStoreARNInvalidException',
      `The specified event data store ARN is not valid or does not map to an event data store in your account: ${name}`,
    );
  const store = lake.stores.get(name);
  const [, , , region, account] = store?.arn.split(':') ?? [];
  if (store === undefined || place !== `${account}/${region}`)
    throw cloudTrailRefusal(
      'EventDataStoreNotFoundException',
      'The specified event data store was not found.',
    );
  if (store.active === false)
    throw cloudTrailRefusal('InactiveEventDataStoreException', 'The event data store is inactive.');
}
