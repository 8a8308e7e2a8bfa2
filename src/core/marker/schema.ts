import { type Problem, toPointer } from '../base/problem.ts';
import { quote } from '../base/quote.ts';
import { placeOfComponent } from '../component/component.ts';
import { FINAL_STATUSES, isFinal, type MarkerInput } from './marker.ts';
import { isMarkerField, KEPT_FIELDS, type MarkerField, NEW_FIELDS, remembering } from './rules.ts';

/** A parsed record, or everything that is wrong with it. */
export type Checked<T> =
  | { readonly value: T; readonly problems: readonly [] }
  | { readonly value: undefined; readonly problems: readonly Problem[] };

type Fields = Readonly<Record<string, unknown>>;

/** What stands in for fields that a record leaves out. */
export interface StandIns {
  readonly fields: Fields;
  /** `deployed_at` of a final status. UTC whole seconds. */
  readonly endedAt?: string;
}

/** Parses one marker after the other. */
export type MarkerParser = (record: unknown, standIns?: StandIns) => Checked<MarkerInput>;

/**
 * Makes a parser for many markers, which looks once at what they share. Its answers are those of {@link parseMarkerInput}; its memory
 * is a few texts.
 */
export function createMarkerParser(): MarkerParser {
  const fields = NEW_FIELDS.map(remembering);
  return (record, standIns) => parse(record, standIns, fields);
}

/**
 * Parses a marker as people and files write it: times become UTC whole seconds, commits lowercase, an ARN's account and
 * Region count, and fields get the order in which markers are written. Reports every problem at once.
 *
 * @param isKept whether the marker is stored already, so that components hold which no new one may have
 */
export function parseMarkerInput(record: unknown, standIns?: StandIns, isKept = false): Checked<MarkerInput> {
  return parse(record, standIns, isKept ? KEPT_FIELDS : NEW_FIELDS);
}

function parse(
  record: unknown,
  standIns: StandIns | undefined,
  fields: readonly MarkerField[],
): Checked<MarkerInput> {
  if (!isRecord(record)) {
    return { value: undefined, problems: [{ path: '', message: `must be an object, got ${quote(record)}` }] };
  }
  const problems: Problem[] = [];
  const value = readFields(fields, { record, standIns }, problems);
  for (const name of Object.keys(record)) {
    if (isMarkerField(name) || record[name] === undefined) continue;
    problems.push({ path: toPointer([name]), message: 'is not a field of a marker' });
  }
  if (!isMarkerInput(value, problems)) return { value: undefined, problems };
  const between = crossFieldProblems(value);
  return between.length > 0 ? { value: undefined, problems: between } : { value, problems: [] };
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isMarkerInput(_fields: object, problems: readonly Problem[]): _fields is MarkerInput {
  return problems.length === 0;
}

/** What a marker is made of. */
interface Given {
  readonly record: Fields;
  readonly standIns: StandIns | undefined;
}

/** All fields in one go and in their final order: this runs for every line of files of any length. */
function readFields(
  fields: readonly MarkerField[],
  { record, standIns }: Given,
  problems: Problem[],
): Record<string, unknown> {
  const component = givenOf('component', record, standIns);
  const place: Fields =
    typeof component === 'string' && component.startsWith('arn:') ? { ...placeOfComponent(component) } : {};
  const value: Record<string, unknown> = {};
  for (const field of fields) {
    const { name } = field;
    const given = place[name] ?? givenOf(name, record, standIns);
    if (given !== undefined) value[name] = field.read(given, problems);
    else if (field.isRequired) problems.push({ path: `/${name}`, message: 'is required' });
    else if (field.isFilledIn) value[name] = undefined;
  }
  return value;
}

/** What the record says of a field, or what stands in for it. A merged copy of both would take longer than all checks. */
function givenOf(name: string, record: Fields, standIns: StandIns | undefined): unknown {
  const own = record[name];
  return own === undefined && standIns !== undefined ? standInOf(name, record, standIns) : own;
}

function standInOf(name: string, record: Fields, { fields, endedAt }: StandIns): unknown {
  // This job's start says nothing of a deploy that ended when the record says.
  if (name === 'started_at' && record['deployed_at'] !== undefined) return undefined;
  // A field that is there and undefined is not one that was left out.
  const shared = Object.hasOwn(record, name) ? undefined : fields[name];
  if (name !== 'deployed_at' || shared !== undefined) return shared;
  return isFinal(givenOf('status', record, { fields })) ? endedAt : undefined;
}

function crossFieldProblems(marker: MarkerInput): Problem[] {
  const problems: Problem[] = [];
  const { status, started_at, deployed_at, reason, explains } = marker;
  if (isFinal(status) && deployed_at === undefined) {
    problems.push({
      path: '/deployed_at',
      message: `is required when the status is ${FINAL_STATUSES.join(', ')}`,
    });
  }
  if (started_at !== undefined && deployed_at !== undefined && started_at > deployed_at) {
    problems.push({ path: '/started_at', message: `${started_at} is after deployed_at ${deployed_at}` });
  }
  if (explains !== undefined && reason === undefined) {
    problems.push({ path: '/reason', message: 'is required with explains' });
  }
  return problems;
}
