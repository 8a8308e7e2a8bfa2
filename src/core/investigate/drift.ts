import type { RecordedChange } from './recorded-change.ts';
import type { Request } from './request.ts';
import { describePath, type Scalar, type ShownValue, showValue, type ValuePath } from './shown-value.ts';
import { type Leaf, leavesOf, toStructure } from './structure.ts';

/**
 * How a resource stands to its template: `in-sync`, `modified`, `deleted`; `not-checked`, nobody has looked yet; `unsupported`,
 * CloudFormation cannot tell of this type; `unknown`, the last look failed.
 */
const DRIFT_STATES = ['in-sync', 'modified', 'deleted', 'not-checked', 'unsupported', 'unknown'] as const;
/** How a resource stands to its template. */
export type DriftState = (typeof DRIFT_STATES)[number];

/** One property that is not as the template has it; without `expected` it is more than the template has, without `actual` less. */
export interface DriftDifference {
  readonly path: string;
  readonly expected?: ShownValue;
  readonly actual?: ShownValue;
  /** The change that made it so, where path and time agree. */
  readonly event_id?: string;
}

/** A resource of a stack, and how it stands to the template. */
export interface DriftedResource {
  readonly logical_id: string;
  readonly physical_id: string;
  readonly type: string;
  readonly state: DriftState;
  readonly differences: readonly DriftDifference[];
}

/** What is known of the drift of the stack that owns a component. */
export interface Drift {
  readonly account: string;
  readonly region: string;
  readonly stack: string;
  readonly stack_id?: string;
  /** By what the stack was found. */
  readonly found_by: 'tags' | 'stack-resources' | 'marker' | 'component';
  /** Whether CloudFormation looked now (`--drift`), and not at some time before. */
  readonly is_new: boolean;
  /** When it looked. */
  readonly checked_at?: string;
  readonly state: DriftState;
  /** Those that are asked for, or for a stack all that are not in sync. */
  readonly resources: readonly DriftedResource[];
  /** For people. */
  readonly notes: readonly string[];
}

/** A property as CloudFormation tells it: paths as `/Environment/Variables/DB`, values as texts. */
export interface PropertyDifference {
  readonly path: string;
  readonly expected: string | undefined;
  readonly actual: string | undefined;
}

/** What tells of a change whether it made a difference. */
export interface DriftSuspect {
  readonly event_id: string;
  readonly time: string;
  readonly request?: Request | null | undefined;
  readonly recorded?: Pick<RecordedChange, 'differences'> | undefined;
}

/** As it may be told, with the change that made it; a structure is told value by value. */
export function toDriftDifferences(
  { path: pointer, expected, actual }: PropertyDifference,
  suspects: readonly DriftSuspect[],
): DriftDifference[] {
  const path = pointer
    .split('/')
    .slice(1)
    .map(part => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const pairs = new Map<string, { path: ValuePath; expected?: Leaf['value']; actual?: Leaf['value'] }>();
  const put = (text: string | undefined, side: 'expected' | 'actual'): void => {
    if (text === undefined || text === '') return;
    for (const leaf of leavesOf(toStructure(parseValue(text), path.at(-1)), path)) {
      const key = JSON.stringify(leaf.path);
      pairs.set(key, { ...pairs.get(key), path: leaf.path, [side]: leaf.value });
    }
  };
  put(expected, 'expected');
  put(actual, 'actual');
  const differing = [...pairs.values()].filter(
    pair => JSON.stringify(pair.expected) !== JSON.stringify(pair.actual),
  );
  if (differing.length === 0) return [{ path: describePath(path), ...tie(path, undefined, suspects) }];
  return differing.map(pair => ({
    path: describePath(pair.path),
    ...(pair.expected === undefined ? {} : { expected: showValue(pair.path, pair.expected) }),
    ...(pair.actual === undefined ? {} : { actual: showValue(pair.path, pair.actual) }),
    ...tie(pair.path, pair.actual, suspects),
  }));
}

/** CloudFormation writes every value as a text. */
function parseValue(text: string): unknown {
  if (!/^(?:[[{]|-?\d{1,15}(?:\.\d{1,15})?$|true$|false$)/.test(text)) return text;
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return text;
  }
}

/** The latest change that set the property to what it is now; where values cannot be compared, the latest one that set it at all. */
function tie(
  path: ValuePath,
  actual: Scalar | readonly Scalar[] | undefined,
  suspects: readonly DriftSuspect[],
): Pick<DriftDifference, 'event_id'> {
  const names = normalize(describePath(path));
  const shown = actual === undefined ? undefined : JSON.stringify(showValue(path, actual));
  const isMeant = ({ request, recorded }: DriftSuspect): boolean => {
    const after = recorded?.differences.find(each => normalize(each.path) === names);
    if (after !== undefined) return shown === undefined || JSON.stringify(after.after) === shown;
    const asked = request?.fields.find(each => normalize(each.path) === names);
    if (asked === undefined) return false;
    const { path: _path, ...value } = asked;
    return shown === undefined || JSON.stringify(value) === shown;
  };
  const found = suspects.toSorted((a, b) => (a.time < b.time ? 1 : -1)).find(isMeant);
  return found === undefined ? {} : { event_id: found.event_id };
}

/** Templates begin names with capitals, and calls do not. */
function normalize(path: string): string {
  return path.toLowerCase();
}
