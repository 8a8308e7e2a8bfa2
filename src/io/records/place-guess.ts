const LOG_GROUP = /^\/[\w./#-]+$/;
const BUCKET = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9](?:\/.*)?$/;
const STORE = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** What ends like this is meant as a file. */
const FILE = /\.(?:jsonl?|gz|ndjson|txt)$/i;

/**
 * What somebody may have meant by the name of a file that is not there: places in AWS are named with their kind before them, and other
 * flags take the same names without it.
 *
 * @param flag the one that it was given with
 * @returns a step for people; undefined where the name is like that of a file
 */
export function guessPlace(name: string, flag: '--markers' | '--changes'): string | undefined {
  const kind = FILE.test(name) ? undefined : kindOf(name);
  return kind === undefined
    ? undefined
    : `for ${kind[0]} write ${flag} ${kind[1]}${name}; else name a file or folder that is there`;
}

function kindOf(name: string): readonly [what: string, prefix: string] | undefined {
  if (STORE.test(name)) return ['a store of CloudTrail Lake', 'lake:'];
  if (LOG_GROUP.test(name)) return ['the log group', 'logs:'];
  return BUCKET.test(name) ? ['a bucket', 's3://'] : undefined;
}
