import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { RULES, STANDINGS } from '../../src/core/findings/report.ts';
import { parseMarkerInput } from '../../src/core/marker/schema.ts';
import { manyRecords } from '../trail-world/many-records.ts';
import { SCENARIOS } from '../trail-world/scenarios.ts';
import {
  type ChangeVerdict,
  type DeployVerdict,
  SCORED_FINDINGS,
  scoreVerdicts,
} from '../trail-world/score.ts';
import { writeTrailLogs } from '../trail-world/trail-logs.ts';
import type { TrailRecord } from '../trail-world/trail-record.ts';
import type { ChangeTruth } from '../trail-world/truth.ts';
import { makeWorld } from '../trail-world/world.ts';

const world = makeWorld({ seed: 1, copies: 2 });
const changes: ChangeTruth[] = [...world.truth.records.values()].flatMap(one =>
  one.notAChange ? [] : [one],
);

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const IDENTITY_TYPES =
  /^(?:AssumedRole|IAMUser|Root|FederatedUser|AWSService|AWSAccount|WebIdentityUser|IdentityCenterUser)$/;

/** What is wrong with a record, by the documented contents of one. */
function shapeProblems(record: TrailRecord): string[] {
  const identity: unknown = record.userIdentity;
  const type =
    typeof identity === 'object' && identity !== null && 'type' in identity ? identity.type : undefined;
  const checks: Readonly<Record<string, boolean>> = {
    eventVersion: /^1\.\d+$/.test(record.eventVersion),
    eventTime: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(record.eventTime),
    eventSource: /^[a-z0-9]+\.amazonaws\.com$/.test(record.eventSource),
    eventName: /^[A-Z][A-Za-z]+(?:\d{8}(?:v\d+)?)?$/.test(record.eventName),
    awsRegion: /^[a-z]{2}-[a-z]+-\d$/.test(record.awsRegion),
    eventID: UUID.test(record.eventID),
    recipientAccountId: /^\d{12}$/.test(record.recipientAccountId),
    'userIdentity.type':
      record.eventCategory === 'Insight' ||
      record.eventType === 'AwsServiceEvent' ||
      IDENTITY_TYPES.test(String(type)),
    requestParameters: record.requestParameters !== undefined,
    responseElements: record.responseElements !== undefined,
    'a failed call has no answer': record.errorCode === undefined || record.responseElements === null,
  };
  return Object.entries(checks).flatMap(([name, holds]) => (holds ? [] : [`${record.eventName}: ${name}`]));
}

describe('makeWorld', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(makeWorld({ seed: 1, copies: 2 })).toEqual(world);
    expect(makeWorld({ seed: 2, copies: 2 }).records).not.toEqual(world.records);
  });

  it('gives a scenario by itself as it is among the others', () => {
    const { records } = makeWorld({ seed: 1, scenarios: ['cdk-chain'] });
    const ids = new Set(world.records.map(({ eventID }) => eventID));
    expect(records.length).toBeGreaterThan(3);
    expect(records.filter(({ eventID }) => !ids.has(eventID))).toEqual([]);
  });

  it('has a name of its own for every scenario', () => {
    expect(new Set(SCENARIOS.map(({ name }) => name)).size).toBe(SCENARIOS.length);
  });

  it('gives different records different event ids, and the same record twice where two sources do', () => {
    const byId = new Map<string, string>();
    for (const record of world.records) {
      const text = JSON.stringify(record);
      expect(byId.get(record.eventID) ?? text).toBe(text);
      byId.set(record.eventID, text);
    }
    expect(world.records.length).toBeGreaterThan(byId.size);
  });

  it('knows the truth of every record and of nothing else', () => {
    const ids = new Set(world.records.map(({ eventID }) => eventID));
    expect(new Set(world.truth.records.keys())).toEqual(ids);
  });

  it('knows the truth of every deploy, and which markers are none', () => {
    const { deploys, attestations } = world.truth;
    expect(new Set(world.markers.map(marker => marker.deploy_id))).toEqual(
      new Set([...deploys.keys(), ...attestations]),
    );
    for (const marker of world.markers)
      expect(attestations.has(marker.deploy_id)).toBe(marker.explains !== undefined);
  });

  it('explains changes by deploys that exist and that stand in their scenario', () => {
    for (const { deploys, scenario } of changes) {
      for (const id of deploys) expect(world.truth.deploys.get(id)?.scenario).toBe(scenario);
    }
  });

  it('never lets a deploy be without a change that one is explained by', () => {
    for (const { deploys, anyDeploy, standing } of changes) {
      if (standing !== 'explained' || anyDeploy) continue;
      for (const id of deploys)
        expect(world.truth.deploys.get(id)?.state).not.toMatch(/waiting|missing|unseen/);
    }
  });

  it('has every standing, rule, finding and state in it', () => {
    const deploys = [...world.truth.deploys.values()];
    expect(new Set(changes.map(({ standing }) => standing))).toEqual(new Set(STANDINGS));
    expect(new Set(changes.flatMap(({ rule }) => rule ?? []))).toEqual(new Set(RULES));
    expect(new Set([...changes, ...deploys].flatMap(({ findings }) => findings))).toEqual(
      new Set(SCORED_FINDINGS),
    );
    expect(new Set(deploys.map(({ state }) => state)).size).toBe(7);
    expect(new Set(changes.map(({ actor }) => actor)).size).toBe(8);
  });

  it('makes records in the documented shape', () => {
    expect(world.records.flatMap(shapeProblems)).toEqual([]);
  });

  it('makes markers that hold', () => {
    expect(world.markers.flatMap(marker => parseMarkerInput(marker).problems)).toEqual([]);
  });

  it('has nothing in it that happens after now', () => {
    const latest = Math.max(...world.records.map(({ eventTime }) => Date.parse(eventTime)));
    expect(latest).toBeLessThanOrEqual(world.options.now);
  });
});

describe('scoreVerdicts', () => {
  const said = new Map(
    [...world.truth.records].flatMap(([id, one]): [string, ChangeVerdict][] =>
      one.notAChange ? [] : [[id, one]],
    ),
  );
  const deploys: ReadonlyMap<string, DeployVerdict> = world.truth.deploys;
  const everything = (): boolean => true;

  it('finds nothing wrong with the truth, of which every figure counts something', () => {
    const { figures, mistakes } = scoreVerdicts(world.truth, { changes: said, deploys }, everything);
    expect(mistakes).toEqual([]);
    for (const [label, { expected, precision, recall }] of figures) {
      expect([label, expected > 0, precision, recall]).toEqual([label, true, 1, 1]);
    }
  });

  it('names what is missing, wrong or too much, and the figures go down', () => {
    const wrong = new Map(said);
    const [unexplained] = [...said].find(([, { standing }]) => standing === 'unexplained') ?? [''];
    const [skipped] = [...world.truth.records].find(([, one]) => one.notAChange) ?? [''];
    const [session] = [...said].find(([, { rule }]) => rule === 'session') ?? [''];
    wrong.delete(session);
    wrong.set(unexplained, { standing: 'explained', rule: 'window', deploys: [], findings: [] });
    wrong.set(skipped, { standing: 'unexplained', deploys: [], findings: ['unexplained-change'] });
    const { figures, mistakes } = scoreVerdicts(
      world.truth,
      { changes: wrong, deploys: new Map() },
      everything,
    );
    expect(mistakes.length).toBe(3 + deploys.size);
    expect(figures.get('rule:session')?.recall).toBeLessThan(1);
    expect(figures.get('rule:session')?.precision).toBe(1);
    expect(figures.get('rule:window')?.precision).toBeLessThan(1);
    expect(figures.get('finding:unexplained-change')?.precision).toBeLessThan(1);
    expect(figures.get('finding:unexplained-change')?.recall).toBeLessThan(1);
  });
});

describe('manyRecords and writeTrailLogs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'trail-world-'));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('streams records in time order, of the size of real ones, as many as it says', () => {
    const many = manyRecords({ seed: 1, count: 3456, deploys: 20 });
    const all = [...many.records()];
    const times = all.map(({ eventTime }) => eventTime);
    expect(times).toEqual(times.toSorted());
    expect(all.flatMap(shapeProblems)).toEqual([]);
    expect(new Set(all.map(({ eventID }) => eventID)).size).toBe(all.length);
    const writes = all.filter(
      ({ eventSource, readOnly }) => eventSource === 'lambda.amazonaws.com' && !readOnly,
    );
    expect(writes.length).toBe(3456);
    expect(all.length).toBe(3456 + 345 + 4 * 20);
    const { session, stack, unexplained } = many.expected;
    expect(session + stack + unexplained).toBe(3456 + 2 * 20);
    const size = JSON.stringify(writes).length / writes.length;
    expect(size).toBeGreaterThan(1300);
    expect(size).toBeLessThan(2500);
    expect([...many.records()]).toEqual(all);
  });

  it('writes them as a trail does', () => {
    const many = manyRecords({ seed: 1, count: 500, deploys: 10 });
    const { files, records } = writeTrailLogs({ folder, records: many.records(), perFile: 40 });
    const read = files.flatMap(file => {
      const parsed: { Records: TrailRecord[] } = JSON.parse(gunzipSync(readFileSync(file)).toString());
      const [place] = parsed.Records;
      const expected = `AWSLogs/${place?.recipientAccountId}/CloudTrail/${place?.awsRegion}/2026/06/01/`;
      expect(relative(folder, file).startsWith(expected)).toBe(true);
      expect(new Set(parsed.Records.map(one => one.recipientAccountId)).size).toBe(1);
      expect(parsed.Records.length).toBeLessThanOrEqual(40);
      return parsed.Records;
    });
    expect(read.length).toBe(records);
    expect(new Set(files).size).toBe(files.length);
  });
});
