import type { Marker } from '../../src/core/marker/marker.ts';
import type { RolePatterns, Scenario } from './scenario.ts';
import { SCENARIOS } from './scenarios.ts';
import { createScene, type Setting, type Traces } from './scene.ts';
import { createSeededRandom } from './seeded-random.ts';
import type { TrailRecord } from './trail-record.ts';
import type { ScenarioTruth, WorldTruth } from './truth.ts';

/** What is to be made. */
export interface WorldRequest {
  /** The same seed makes the same world. */
  readonly seed: number;
  /** Names of scenarios; by default all. */
  readonly scenarios?: readonly string[];
  /** How often each is played, every time in other accounts and Regions but with the same names; default 1. */
  readonly copies?: number;
}

/** Markers, records and what is right about them. */
export interface World {
  /** In no order, as files and log groups give them. */
  readonly markers: readonly Marker[];
  /** In no order, as CloudTrail delivers them. */
  readonly records: readonly TrailRecord[];
  readonly truth: WorldTruth;
  /** What the user would say; `now` in milliseconds since the epoch. */
  readonly options: RolePatterns & { readonly now: number };
}

/** When every world is looked at. */
export const WORLD_NOW = Date.parse('2026-06-15T12:00:00Z');

/** Services whose changes a world has. */
export const WORLD_SERVICES: readonly string[] = `
lambda cloudformation iam apigateway autoscaling cloudfront codepipeline dynamodb ecr ecs eks elasticloadbalancing events
kinesis kms logs monitoring rds route53 s3 secretsmanager sns sqs ssm states
`
  .trim()
  .split(/\s+/);

const SLOT = 12 * 3_600_000;
const REGIONS = ['eu-west-1', 'ap-northeast-1', 'us-east-1', 'eu-central-1', 'us-west-2'];

/**
 * Makes a world of scenarios. Those of one copy share two accounts and lie 12 hours apart, so that none reaches into
 * another by accident; copies share nothing but names and hours.
 */
export function makeWorld({ seed, scenarios, copies = 1 }: WorldRequest): World {
  const traces: Traces = {
    markers: [],
    records: [],
    recordTruth: new Map(),
    deployTruth: new Map(),
    attestations: new Set(),
  };
  const played = SCENARIOS.filter(({ name }) => scenarios?.includes(name) ?? true);
  for (let copy = 0; copy < copies; copy++) {
    for (const scenario of played) scenario.play(createScene(settingOf(scenario, seed, copy), traces));
  }
  const order = createSeededRandom(`${seed}/order`);
  const named = played.map((one): [string, ScenarioTruth] => [
    one.name,
    { name: one.name, ambiguity: one.ambiguity },
  ]);
  return {
    markers: order.shuffle(traces.markers),
    records: order.shuffle(traces.records),
    truth: {
      records: traces.recordTruth,
      deploys: traces.deployTruth,
      attestations: traces.attestations,
      scenarios: new Map(named),
    },
    options: {
      now: WORLD_NOW,
      serviceRoles: played.flatMap(({ patterns }) => patterns?.serviceRoles ?? []),
      bridgeRoles: played.flatMap(({ patterns }) => patterns?.bridgeRoles ?? []),
      humanRoles: played.flatMap(({ patterns }) => patterns?.humanRoles ?? []),
    },
  };
}

function settingOf(scenario: Scenario, seed: number, copy: number): Setting {
  const random = createSeededRandom(`${seed}/${scenario.name}/${copy}`);
  const slot = SCENARIOS.indexOf(scenario) + 2;
  const place = (which: number) => ({
    account: String(210_000_000_000 + copy * 2 + which),
    region: REGIONS[(copy + which) % REGIONS.length] ?? 'eu-west-1',
  });
  return {
    scenario: scenario.name,
    random,
    tag: createSeededRandom(`${seed}/${scenario.name}`).hex(7),
    start: WORLD_NOW - slot * SLOT + random.int(3600) * 1000,
    now: WORLD_NOW,
    home: place(0),
    abroad: place(1),
  };
}
