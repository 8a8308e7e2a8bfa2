/** Exit codes, the most telling first: when several failures happened, the first of these counts. */
export const EXIT_PRIORITY: readonly number[] = [1, 6, 2, 7, 3, 5, 9, 8, 4, 10];

/** What each exit code means; README's table is made from it. */
export const EXIT_MEANINGS: Readonly<Record<number, string>> = {
  0: 'done, and confirmed by AWS where it was asked',
  1: 'a bug in deploy-marker',
  2: 'wrong usage',
  3: 'identity: token missing, expired or refused; access denied',
  4: 'the service or the network failed after retries',
  5: 'the named channel, log group, stack, store, table, role, topic, webhook, bucket, file or spool does not exist, or you have no access',
  6: 'cancelled (SIGINT, SIGTERM)',
  7: 'invalid data: session name, marker, ARN, trust policy, event too large',
  8: "a deadline (`--timeout`, or a request's own) passed, or an answer is incomplete: a limit, or nothing was seen",
  9: 'some or all events were refused by the service (`failed[]` under HTTP 200)',
  10: '`audit` found something',
};
