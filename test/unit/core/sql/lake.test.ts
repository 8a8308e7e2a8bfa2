import { describe, expect, it } from 'vitest';
import {
  type CorrelationQuery,
  correlationSql,
  withoutComment,
} from '../../../../src/core/sql/correlation.ts';
import { changesSql, literal, markersSql, parseStoreId } from '../../../../src/core/sql/lake.ts';

const MARKERS = 'aaaaaaaa-0000-4000-8000-000000000001';
const CHANGES = 'bbbbbbbb-0000-4000-8000-000000000002';
const RANGE = { from: Date.parse('2026-06-01T00:00:00Z'), until: Date.parse('2026-06-08T00:00:00Z') };

function correlation(query: Partial<CorrelationQuery> = {}): string {
  return correlationSql({
    markerStore: MARKERS,
    changeStore: CHANGES,
    range: RANGE,
    before: 120_000,
    after: 600_000,
    ...query,
  });
}

/** Blanks mean nothing in a long statement. */
function squeezed(text: string): string {
  return text.replaceAll(/\s+/g, '');
}

/** The statement with `'…'` for every literal. */
function withoutLiterals(statement: string): string {
  return statement.replace(/'(?:[^']|'')*'/g, "'…'");
}

const STATEMENTS: readonly (readonly [string, () => string, readonly string[]])[] = [
  ['the correlation', () => withoutComment(correlation()), [MARKERS, CHANGES]],
  ['the changes', () => changesSql(CHANGES, { ...RANGE, services: ['lambda'] }), [CHANGES]],
  ['the markers', () => markersSql(MARKERS, RANGE), [MARKERS]],
];

describe.each(STATEMENTS)('the statement of %s', (_, build, stores) => {
  it('has nothing bare but the store ids', () => {
    const bare = withoutLiterals(build()).match(/\S*[0-9a-f]{4}-\S*/g) ?? [];
    expect(new Set(bare)).toEqual(new Set(stores));
    expect(build()).not.toMatch(/["`;]|--|\/\*/);
  });

  it('is one SELECT as Lake takes it: no CTE, no INTERVAL, no CROSS JOIN', () => {
    const statement = withoutLiterals(build());
    expect(statement).toMatch(/^SELECT /);
    expect(statement).not.toMatch(/\b(?:WITH|INTERVAL|CROSS|UNNEST|FULL|now|current_\w+)\b/i);
    expect(statement.length).toBeLessThan(10_000);
  });

  it('bounds the time of every store by two literals', () => {
    const statement = build();
    const scans = [...statement.matchAll(/FROM [0-9a-f]{8}-[\s\S]*?(?= FROM [0-9a-f]{8}-|$)/g)];
    expect(scans.length).toBeGreaterThan(0);
    for (const [scan] of scans) {
      expect(scan).toMatch(
        /eventTime (?:BETWEEN|>=) ?timestamp '2026-0[56]-\d\d \d\d:\d\d:00' AND (?:eventTime ?< ?)?timestamp '2026-06-08 00:00:00'/,
      );
    }
  });
});

describe('the correlation statement', () => {
  it('says in its first line what it leaves out, and is whole without it', () => {
    const [comment = '', ...rest] = correlation().split('\n');
    expect(comment).toMatch(
      /^-- Rule session: all services; window: lambda, layer, stack, ecs, dynamodb, s3, /,
    );
    expect(comment).toContain(
      'Not here: other kinds, ARNs of them, chain, stack, rollback, version, explanations.',
    );
    expect(withoutComment(correlation())).toBe(rest.join('\n'));
    expect(rest.join('\n')).not.toContain('--');
  });

  it('reads the names of fewer services where filters are long, and says so', () => {
    const [comment = ''] = correlation({
      gitSha: 'a'.repeat(64),
      component: `lambda:${'f'.repeat(150)}`,
    }).split('\n');
    expect(comment).toMatch(/window: lambda, layer, stack[,.]/);
    expect(comment).not.toContain('kinesis');
  });

  it('stays below 10,000 characters with every filter', () => {
    const all = correlation({
      eventSource: 'deploymarker.internal.example',
      component: `arn:aws:lambda:ap-northeast-1:123456789012:function:${'f'.repeat(64)}`,
      gitSha: 'a'.repeat(64),
      sessionName: 's'.repeat(64),
      range: { from: Date.parse('2025-06-08T00:00:00Z'), until: RANGE.until },
    });
    expect(all.length).toBeLessThan(10_000);
  });

  it('refuses what makes it longer', () => {
    expect(() => correlation({ component: `lambda:${'x'.repeat(4_000)}` })).toThrow(
      expect.objectContaining({ code: 'QUERY_TOO_LONG', exitCode: 7 }),
    );
  });

  it('quotes what users say', () => {
    const evil = "x' OR 1 = 1; DROP TABLE markers --";
    const statement = correlation({
      eventSource: evil,
      component: `lambda:${evil}`,
      gitSha: evil,
      sessionName: evil,
    });
    expect(statement).toContain("'x'' OR 1 = 1; DROP TABLE markers --'");
    expect(withoutLiterals(withoutComment(statement))).not.toMatch(/DROP|OR 1/i);
  });

  it.each([
    ['two minutes', 120_000, 'hour'],
    ['six hours', 6 * 3_600_000, 'hour'],
    ['a day', 24 * 3_600_000, 'hour'],
    ['two days', 48 * 3_600_000, 'day'],
    ['the longest time there is', 2 ** 31 - 1, 'day'],
  ])('puts windows of %s, %d ms, into slots of one %s', (_, unfinishedAfter, unit) => {
    const statement = correlation({ unfinishedAfter });
    expect(squeezed(statement)).toContain(`date_trunc('${unit}',eventTime)`);
    expect(statement.length).toBeLessThan(10_000);
  });

  it('moves the window', () => {
    const statement = squeezed(correlation({ before: 90_500, after: 1_500, unfinishedAfter: 7_200_000 }));
    expect(statement).toContain("date_add('second',-90,greatest(");
    expect(statement).toContain("date_add('second',1,ended)");
    expect(statement).toContain("date_add('second',-7200,ended)");
  });

  it('reads markers as far before the range as a window can reach, and until now', () => {
    const statement = correlation({ now: Date.parse('2026-07-01T12:00:00Z') });
    const ranges = statement.match(
      /eventTime (?:BETWEEN|>=) ?timestamp '[^']+' AND (?:eventTime ?< ?)?timestamp '[^']+'/g,
    );
    expect(new Set(ranges?.map(squeezed))).toEqual(
      new Set([
        "eventTimeBETWEENtimestamp'2026-05-2417:48:00'ANDtimestamp'2026-07-0112:00:00'",
        "eventTime>=timestamp'2026-06-0100:00:00'ANDeventTime<timestamp'2026-06-0800:00:00'",
      ]),
    );
  });

  it('asks Lake for seven days at least, and leaves out what it did not want', () => {
    const from = Date.parse('2026-06-07T21:00:00Z');
    const statement = squeezed(correlation({ range: { from, until: RANGE.until } }));
    expect(statement).toContain(
      "eventTime>=timestamp'2026-06-0100:00:00'ANDeventTime<timestamp'2026-06-0800:00:00'",
    );
    expect(statement).toContain("WHEREtime>=timestamp'2026-06-0721:00:00'");
    expect(squeezed(correlation())).not.toContain('WHEREtime>');
  });
});

describe('the changes statement', () => {
  it('reads whole records of successful writes, and AssumeRole calls', () => {
    expect(changesSql(CHANGES, { ...RANGE, services: ['lambda', 'cloudformation'] })).toBe(
      `SELECT eventJson AS event_json FROM ${CHANGES}
WHERE eventTime >= timestamp '2026-06-01 00:00:00' AND eventTime < timestamp '2026-06-08 00:00:00' AND coalesce(errorCode, '') = ''
 AND (eventSource IN ('lambda.amazonaws.com', 'cloudformation.amazonaws.com') AND NOT coalesce(readOnly, false) AND coalesce(managementEvent, true) AND coalesce(element_at(requestParameters, 'dryRun'), 'false') <> 'true' OR eventSource = 'sts.amazonaws.com' AND eventName LIKE 'AssumeRole%')`,
    );
  });

  it('leaves out other functions where one is asked for, and nothing for a stack', () => {
    const of = (component: string) => changesSql(CHANGES, { ...RANGE, services: ['lambda'], component });
    expect(of('arn:aws:lambda:eu-west-1:123456789012:function:resize:prod')).toContain("'resize') > 0");
    expect(of('layer:tools')).toContain("'tools') > 0");
    expect(of('stack:billing')).not.toContain('billing');
  });
});

describe('the markers statement', () => {
  it('has columns of the integration schema', () => {
    expect(markersSql(MARKERS, { ...RANGE, eventSource: "it's" })).toBe(
      `SELECT eventData.uid AS uid, json_format(CAST(eventData.requestParameters AS JSON)) AS marker, metadata.ingestionTime AS stored
FROM ${MARKERS}
WHERE eventTime >= timestamp '2026-06-01 00:00:00' AND eventTime < timestamp '2026-06-08 00:00:00' AND eventData.eventSource = 'it''s' AND eventData.eventName = 'DeployMarker'`,
    );
  });
});

describe('parseStoreId', () => {
  it('takes an id or an ARN', () => {
    expect(parseStoreId(MARKERS)).toBe(MARKERS);
    expect(parseStoreId(`arn:aws:cloudtrail:eu-west-1:123456789012:eventdatastore/${MARKERS}`)).toBe(MARKERS);
  });

  it.each([
    [''],
    ['my-store'],
    [`${MARKERS} WHERE 1 = 1`],
    [`${MARKERS}\n`],
    [`${MARKERS}, ${CHANGES}`],
    ["aaaaaaaa-0000-4000-8000-00000000000'"],
    ['arn:aws:cloudtrail:eu-west-1:123456789012:eventdatastore/x; SELECT 1'],
    [`arn:aws:cloudtrail:eu-west-1:123456789012:channel/${MARKERS}`],
  ])('refuses %j', text => {
    expect(() => parseStoreId(text)).toThrow(expect.objectContaining({ code: 'ARN_INVALID', exitCode: 7 }));
    expect(() => correlation({ markerStore: text })).toThrow('is not the id of an event data store');
    expect(() => correlation({ changeStore: text })).toThrow('is not the id of an event data store');
  });
});

describe('literal', () => {
  it('doubles quotes', () => {
    expect(literal("it's ''x")).toBe("'it''s ''''x'");
  });
});
