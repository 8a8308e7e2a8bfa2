import { parseRoleArn } from '../base/arn.ts';
import { type Problem, toPointer } from '../base/problem.ts';
import { quote } from '../base/quote.ts';
import { isComponent, isKeptComponent, quoteNoComponent } from '../component/component.ts';
import { checkSessionName, envProblem, isGitSha } from '../session-name.ts';
import { parseUtcTime } from '../time/utc.ts';
import { MARKER_FIELDS, MARKER_KINDS, MARKER_STATUSES, type MarkerInput } from './marker.ts';

/** What is wrong with a field's value; paths are relative to the field. */
type Rule = (value: unknown) => readonly Problem[];

const NO_PROBLEMS: readonly Problem[] = [];

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

const LABEL_KEY = /^[A-Za-z0-9_.-]{1,64}$/;
const REQUIRED: readonly string[] = ['env', 'component', 'git_sha', 'status', 'actor'];
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

/** One field of a marker. */
export interface MarkerField {
  readonly name: string;
  readonly isRequired: boolean;
  /** Filled in for a marker that comes without it; it keeps its place in the order of fields. */
  readonly isFilledIn: boolean;
  /** The value as it is written. What is wrong with it is added to the problems, with its path in the marker. */
  read(given: unknown, problems: Problem[]): unknown;
}

/** The fields of new markers in the order in which they are written. */
export const NEW_FIELDS: readonly MarkerField[] = MARKER_FIELDS.map(name => toField(name, RULES[name]));
/** The fields of markers that are stored already. */
export const KEPT_FIELDS: readonly MarkerField[] = MARKER_FIELDS.map(name =>
  toField(name, name === 'component' ? KEPT_COMPONENT : RULES[name]),
);

/** Whether a marker has a field of this name. */
export function isMarkerField(name: string): boolean {
  return Object.hasOwn(RULES, name);
}

function toField(name: keyof MarkerInput, rule: Rule): MarkerField {
  const form = FORMS.get(name);
  return {
    name,
    isRequired: REQUIRED.includes(name),
    isFilledIn: FILLED_IN.includes(name),
    read(given, problems) {
      for (const { path, message } of rule(given)) problems.push({ path: `/${name}${path}`, message });
      return form !== undefined && typeof given === 'string' ? form(given) : given;
    },
  };
}

/** Longer texts are hardly the same in two markers, and not worth the memory. */
const LONGEST_REMEMBERED = 2048;

/**
 * The field with a memory of the last text that held: what all markers of a file share is looked at once. It says of every value what
 * the field itself says.
 */
export function remembering(field: MarkerField): MarkerField {
  let known: string | undefined;
  let value: unknown;
  return {
    ...field,
    read(given, problems) {
      if (typeof given !== 'string' || given.length > LONGEST_REMEMBERED) return field.read(given, problems);
      if (given === known) return value;
      const before = problems.length;
      const read = field.read(given, problems);
      if (problems.length > before) return read;
      known = given;
      value = read;
      return read;
    },
  };
}

/** A rule for text; `problemOf` says what is wrong with it, if anything. */
function text(problemOf: (value: string) => string | undefined): Rule {
  return value => {
    if (typeof value !== 'string') return [{ path: '', message: `must be a string, got ${quote(value)}` }];
    const message = problemOf(value);
    return message === undefined ? NO_PROBLEMS : [{ path: '', message }];
  };
}

function pattern(form: RegExp | ((value: string) => boolean), message: string): Rule {
  const holds = typeof form === 'function' ? form : (value: string): boolean => form.test(value);
  return text(value => (holds(value) ? undefined : `${message}, got ${quote(value)}`));
}

function oneOf(values: readonly string[]): Rule {
  return value =>
    values.some(each => each === value)
      ? NO_PROBLEMS
      : [{ path: '', message: `must be one of ${values.join(', ')}, got ${quote(value)}` }];
}

function labelProblems(labels: unknown): Problem[] {
  if (typeof labels !== 'object' || labels === null || Array.isArray(labels)) {
    return [{ path: '', message: `must be an object, got ${quote(labels)}` }];
  }
  const problems: Problem[] = [];
  for (const [key, value] of Object.entries(labels)) {
    if (!LABEL_KEY.test(key)) {
      const message = `label key ${quote(key)} must be 1 to 64 characters of A-Z a-z 0-9 _ . -`;
      problems.push({ path: toPointer([key]), message });
    }
    if (typeof value !== 'string') {
      problems.push({ path: toPointer([key]), message: `must be a string, got ${quote(value)}` });
    }
  }
  return problems;
}

function componentProblem(component: string, holds: (component: string) => boolean): string | undefined {
  if (holds(component)) return undefined;
  const name = /^[A-Za-z][\w-]*$/.test(component) ? component : 'resize-image';
  return `must be kind:name, such as lambda:${name}, or a full ARN, got ${quoteNoComponent(component)}`;
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

function toLowerCase(value: string): string {
  return value.toLowerCase();
}
