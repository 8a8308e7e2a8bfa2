import { parseRoleArn } from '../base/arn.ts';
import { type Problem, toPointer } from '../base/problem.ts';
import { quote } from '../base/quote.ts';
import { isComponent, isKeptComponent, placeOfComponent, quoteNoComponent } from '../component/component.ts';
import { checkSessionName, envProblem, isGitSha } from '../session-name.ts';
import { parseUtcTime } from '../time/utc.ts';
import {
  FINAL_STATUSES,
  isFinal,
  MARKER_FIELDS,
  MARKER_KINDS,
  MARKER_STATUSES,
  type MarkerInput,
} from './marker.ts';

/** A parsed record, or everything that is wrong with it. */
export type Checked<T> =
  | { readonly value: T; readonly problems: readonly [] }
  | { readonly value: undefined; readonly problems: readonly Problem[] };

/** What is wrong with a field's value; paths are relative to the field. */
type Rule = (value: unknown) => readonly Problem[];

const filled = text(value => (value === '' ? 'must not be empty' : undefined));
const gitSha = pattern(isGitSha, 'must be 7 to 64 hexadecimal characters');
const time = pattern(
  value => parseUtcTime(value) !== undefined,
  'must be an ISO 8601 time with an offset, such as 2025-12-14T08:12:34Z',
);

// A table and not a zod schema: this is on the way of every emit, where zod's start costs a tenth of the whole.
const RULES: Readonly<Record<keyof MarkerInput, Rule>> = {
  // The channel's own pattern for an event id: 1-128 of [-_A-Za-z0-9].
  // Source: https://docs.aws.amazon.com/awscloudtraildata/latest/APIReference/API_AuditEvent.html
  uid: pattern(/^[-_A-Za-z0-9]{1,128}$/, 'must be 1 to 128 characters of A-Z a-z 0-9 - _'),
  deploy_id: filled,
  env: text(envProblem),
  component: text(component => componentProblem(component, isComponent)),
  account: pattern(/^\d{12}$/, 'must be 12 digits'),
  region: pattern(/^[a-z]{2,}(-[a-z]+)+-\d+$/, 'must be an AWS Region, such as eu-west-1'),
  git_sha: gitSha,
  status: oneOf(MARKER_STATUSES),
  kind: oneOf(MARKER_KINDS),
  started_at: time,
  deployed_at: time,
  recorded_at: time,
  actor: text(actorProblem),
  triggered_by: filled,
  repository: filled,
  ref: filled,
  run_id: filled,
  workflow: filled,
  job: filled,
  role_session_name: text(refusalOf(checkSessionName)),
  role_arn: text(refusalOf(parseRoleArn)),
  target_version: filled,
  previous_git_sha: gitSha,
  reason: filled,
  // Source: `eventID` in https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
  explains: pattern(
    /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i,
    'must be the eventID of a CloudTrail event, a UUID',
  ),
  approved_by: filled,
  url: text(urlProblem),
  labels: labelProblems,
};

const KEPT_COMPONENT = text(component => componentProblem(component, isKeptComponent));

const REQUIRED: readonly string[] = ['env', 'component', 'git_sha', 'status', 'actor'];
/** Fields that {@link completeMarker} fills in; they keep their place in the order of fields. */
const FILLED_IN: readonly string[] = ['uid', 'deploy_id', 'recorded_at'];

/** How a value that holds is written. */
const FORMS: ReadonlyMap<string, (value: string) => string | undefined> = new Map([
  ['git_sha', toLowerCase],
  ['previous_git_sha', toLowerCase],
  ['explains', toLowerCase],
  ['started_at', parseUtcTime],
  ['deployed_at', parseUtcTime],
  ['recorded_at', parseUtcTime],
]);

const FIELDS = MARKER_FIELDS.map(name => ({
  name,
  rule: RULES[name],
  form: FORMS.get(name),
  isRequired: REQUIRED.includes(name),
  isFilledIn: FILLED_IN.includes(name),
}));

type Fields = Readonly<Record<string, unknown>>;

/** What stands in for fields that a record leaves out. */
export interface Gaps {
  readonly fields: Fields;
  /** `deployed_at` of a final status. UTC whole seconds. */
  readonly endedAt?: string;
}

/**
 * Parses a marker as people and files write it: times become UTC whole seconds, commits lowercase, an ARN's account and
 * Region count, and fields get the order in which markers are written. Reports every problem at once.
 *
 * @param isKept whether the marker is stored already, so that components hold which no new one may have
 */
export function parseMarkerInput(record: unknown, gaps?: Gaps, isKept = false): Checked<MarkerInput> {
  if (!isRecord(record)) {
    return { value: undefined, problems: [{ path: '', message: `must be an object, got ${quote(record)}` }] };
  }
  const problems: Problem[] = [];
  const value = readFields(gaps === undefined ? record : fillGaps(record, gaps), isKept, problems);
  for (const name of Object.keys(record)) {
    if (record[name] === undefined || Object.hasOwn(RULES, name)) continue;
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

/** All fields in one go and in their final order: this runs for every line of files of any length. */
function readFields(all: Fields, isKept: boolean, problems: Problem[]): Record<string, unknown> {
  const component = all['component'];
  const place: Fields = typeof component === 'string' ? { ...placeOfComponent(component) } : {};
  const value: Record<string, unknown> = {};
  for (const { name, rule, form, isRequired, isFilledIn } of FIELDS) {
    const given = place[name] ?? all[name];
    if (given === undefined) {
      if (isRequired) problems.push({ path: `/${name}`, message: 'is required' });
      if (isFilledIn) value[name] = undefined;
      continue;
    }
    const check = isKept && name === 'component' ? KEPT_COMPONENT : rule;
    for (const { path, message } of check(given)) problems.push({ path: `/${name}${path}`, message });
    value[name] = form !== undefined && typeof given === 'string' ? form(given) : given;
  }
  return value;
}

function fillGaps(record: Fields, { fields, endedAt }: Gaps): Fields {
  const all: Record<string, unknown> = { ...fields, ...record };
  // This job's start says nothing of a deploy that ended when the record says.
  if (record['deployed_at'] !== undefined && record['started_at'] === undefined) delete all['started_at'];
  if (all['deployed_at'] === undefined && isFinal(all['status'])) all['deployed_at'] = endedAt;
  return all;
}

function toLowerCase(value: string): string {
  return value.toLowerCase();
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

/** A rule for text; `problemOf` says what is wrong with it, if anything. */
function text(problemOf: (value: string) => string | undefined): Rule {
  return value => {
    if (typeof value !== 'string') return [{ path: '', message: `must be a string, got ${quote(value)}` }];
    const message = problemOf(value);
    return message === undefined ? [] : [{ path: '', message }];
  };
}

function pattern(form: RegExp | ((value: string) => boolean), message: string): Rule {
  const holds = typeof form === 'function' ? form : (value: string): boolean => form.test(value);
  return text(value => (holds(value) ? undefined : `${message}, got ${quote(value)}`));
}

function oneOf(values: readonly string[]): Rule {
  return value =>
    values.some(each => each === value)
      ? []
      : [{ path: '', message: `must be one of ${values.join(', ')}, got ${quote(value)}` }];
}

function labelProblems(labels: unknown): Problem[] {
  if (typeof labels !== 'object' || labels === null || Array.isArray(labels)) {
    return [{ path: '', message: `must be an object, got ${quote(labels)}` }];
  }
  return Object.entries(labels).flatMap(([key, value]) => {
    const path = toPointer([key]);
    const problems: Problem[] = [];
    if (!/^[A-Za-z0-9_.-]{1,64}$/.test(key)) {
      problems.push({
        path,
        message: `label key ${quote(key)} must be 1 to 64 characters of A-Z a-z 0-9 _ . -`,
      });
    }
    if (typeof value !== 'string') problems.push({ path, message: `must be a string, got ${quote(value)}` });
    return problems;
  });
}

function componentProblem(component: string, holds: (component: string) => boolean): string | undefined {
  if (holds(component)) return undefined;
  return `must be kind:name, such as lambda:resize-image, or a full ARN, got ${quoteNoComponent(component)}`;
}

/** It becomes the audit event's principalId: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/query-integration-event-schema.html */
function actorProblem(actor: string): string | undefined {
  if (actor === '') return 'must not be empty';
  return actor.length > 1024 ? 'must have at most 1024 characters' : undefined;
}

/** What a check that throws says of a text. */
function refusalOf(check: (value: string) => unknown): (value: string) => string | undefined {
  return value => {
    try {
      check(value);
      return undefined;
    } catch (error) {
      if (error instanceof Error) return error.message;
      throw error;
    }
  };
}

/** A URL with a login is not quoted: its password would be in the message. */
function urlProblem(value: string): string | undefined {
  const rule = 'must be an http or https URL without a user name or password';
  if (!URL.canParse(value)) return value.includes('@') ? rule : `${rule}, got ${quote(value)}`;
  const { protocol, username, password } = new URL(value);
  if (username !== '' || password !== '') return rule;
  return /^https?:$/.test(protocol) ? undefined : `${rule}, got ${quote(value)}`;
}
