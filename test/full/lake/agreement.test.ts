import { beforeAll, describe, expect, it } from 'vitest';
import { matchesAny } from '../../../src/core/base/pattern.ts';
import type { Change, RoleChain } from '../../../src/core/change/change.ts';
import { createRecordReader } from '../../../src/core/change/record.ts';
import { correlate } from '../../../src/core/correlate/correlate.ts';
import type { Verdict } from '../../../src/core/correlate/verdict.ts';
import { DEFAULT_WINDOW } from '../../../src/core/deploy/deploy.ts';
import { athenaCorrelationSql } from '../../../src/core/sql/athena-correlation.ts';
import { correlationSql } from '../../../src/core/sql/correlation.ts';
import { makeWorld, type World } from '../../trail-world/world.ts';
import { openAthenaTables } from '../athena/dialect.ts';
import { openLakeTables, type Row } from './dialect.ts';

// The statement and the correlation in TypeScript see the same markers and records.

/** What became of a change by the rule, and the deploys that it went to. */
interface Answer {
  readonly rule: string;
  readonly standing: string;
  readonly deploys: ReadonlySet<string>;
}

function inTypeScript({ markers, records, options }: World): Map<string, Verdict> {
  const changes: Change[] = [];
  const chains: RoleChain[] = [];
  const read = createRecordReader(
    { services: 'all', isHumanRole: matchesAny(options.humanRoles) },
    { change: change => changes.push(change), chain: chain => chains.push(chain) },
  );
  for (const record of records) read(record);
  const verdicts = new Map<string, Verdict>();
  correlate({ markers, changes, chains }, options, verdict => verdicts.set(verdict.change.id, verdict));
  return verdicts;
}

type Engine = 'Lake' | 'Athena';

async function rowsIn(engine: Engine, world: World): Promise<Row[]> {
  const { before, after } = DEFAULT_WINDOW;
  const range = { from: world.options.now - 60 * 86_400_000, until: world.options.now + 3_600_000 };
  const question = { range, before, after };
  const tables = engine === 'Lake' ? await openLakeTables() : await openAthenaTables();
  await tables.addMarkers(world.markers);
  await tables.addChanges(world.records);
  const statement =
    'changeStore' in tables
      ? correlationSql({ ...tables, ...question })
      : athenaCorrelationSql({ ...tables, ...question, late: 6 * 3_600_000 });
  return tables.run(statement);
}

async function inEngine(
  engine: Engine,
  world: World,
): Promise<{ answers: Map<string, Answer>; deploys: Set<string> }> {
  const rows = await rowsIn(engine, world);
  const answers = new Map<string, Answer>();
  for (const row of rows) {
    if (row['event_id'] === null) continue;
    const id = String(row['event_id']);
    const deploys = new Set([...(answers.get(id)?.deploys ?? []), String(row['deploy_id'])]);
    answers.set(id, { rule: String(row['rule']), standing: String(row['standing']), deploys });
  }
  return { answers, deploys: new Set(rows.map(row => String(row['deploy_id']))) };
}

/** Rules that come after the session's and before the window alone, which the statement does not have. */
const OTHER_RULES: readonly (string | undefined)[] = ['chain', 'stack', 'rollback', 'version', 'attestation'];

/** Scenarios with what the statement does not know, and TypeScript does. */
const KNOWN_DIFFERENCES: Readonly<Record<string, string>> = {
  'across-accounts': 'what the trail of the other account tells of a caller',
  'console-sessions': 'which keys came from the console',
  'empty-change-set': 'whether a change set was carried out',
  'failed-deploy': 'whether a change set was carried out',
  'services-and-strangers': 'what a service does by itself',
  'services-by-hand': 'names of other services, and ARNs of them',
  'services-in-window': 'names of other services, and ARNs of them',
  'stack-covers-members': 'which functions belong to a stack',
};

const CASES = [1, 2, 3].flatMap(seed => (['Lake', 'Athena'] as const).map(engine => [seed, engine] as const));

describe.each(CASES)('in the world of seed %i, in %s', (seed, engine) => {
  const world = makeWorld({ seed, copies: 2 });
  const verdicts = inTypeScript(world);
  let answers: Map<string, Answer>;
  let deploys: Set<string>;

  beforeAll(async () => {
    ({ answers, deploys } = await inEngine(engine, world));
  });

  const scenarioOf = (id: string): string | undefined => world.truth.records.get(id)?.scenario;

  const isKnownAlike = (id: string): boolean => KNOWN_DIFFERENCES[scenarioOf(id) ?? ''] === undefined;

  it.each(['session', 'window'] as const)('both give the same deploys by the rule %s', rule => {
    const expected = [...verdicts.values()].filter(
      verdict => verdict.rule === rule && isKnownAlike(verdict.change.id),
    );
    expect(expected.length).toBeGreaterThan(20);
    for (const { change, standing, deploys: found } of expected) {
      const answer = answers.get(change.id);
      const where = `${scenarioOf(change.id)}: ${change.action} ${change.component}`;
      expect(answer?.rule, where).toBe(rule);
      expect(answer?.standing, where).toBe(standing);
      expect(answer?.deploys, where).toEqual(new Set(found.map(({ id }) => id)));
    }
  });

  it('the statement ties nothing else to a deploy but what later rules explain, and that by the window', () => {
    const others = [...answers].filter(
      ([id, { rule }]) => verdicts.get(id)?.rule !== rule && isKnownAlike(id),
    );
    expect(others.length).toBeGreaterThan(0);
    for (const [id, { rule }] of others) {
      expect(rule, scenarioOf(id)).toBe('window');
      expect(OTHER_RULES, scenarioOf(id)).toContain(verdicts.get(id)?.rule);
    }
  });

  it('both know the same deploys, those without a change too', () => {
    expect(deploys).toEqual(new Set(world.truth.deploys.keys()));
  });
});
