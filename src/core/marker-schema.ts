import * as z from 'zod/mini';
import { isComponent, placeOfComponent } from './component.ts';
import { FINAL_STATUSES, isFinal, MARKER_KINDS, MARKER_STATUSES, type MarkerInput } from './marker.ts';
import type { Problem } from './problem.ts';
import { quote } from './quote.ts';
import { describeIssue, toProblems } from './schema-problems.ts';
import { checkSessionName, envProblem, isGitSha } from './session-name.ts';
import { parseUtcTime } from './utc-time.ts';
import { withoutUndefined } from './without-undefined.ts';

/** A parsed record, or everything that is wrong with it. */
export type Checked<T> =
  | { readonly value: T; readonly problems: readonly [] }
  | { readonly value: undefined; readonly problems: readonly Problem[] };

const filled = z.string().check(z.minLength(1, 'must not be empty'));
const time = rule(
  'must be an ISO 8601 time with an offset, such as 2025-12-14T08:12:34Z',
  text => parseUtcTime(text) !== undefined,
);
const gitSha = rule('must be 7 to 64 hexadecimal characters', isGitSha);
const labelKey = /^[A-Za-z0-9_.-]{1,64}$/;

const schema = z.strictObject({
  // The channel's own pattern for an event id: 1-128 of [-_A-Za-z0-9].
  // Source: https://docs.aws.amazon.com/awscloudtraildata/latest/APIReference/API_AuditEvent.html
  uid: z.optional(
    rule('must be 1 to 128 characters of A-Z a-z 0-9 - _', text => /^[-_A-Za-z0-9]{1,128}$/.test(text)),
  ),
  deploy_id: z.optional(filled),
  env: z.string().check(z.superRefine((env, ctx) => report(ctx, env, envProblem(env)))),
  component: rule('must be kind:name, such as lambda:resize-image, or a full ARN', isComponent),
  account: z.optional(rule('must be 12 digits', text => /^\d{12}$/.test(text))),
  region: z.optional(
    rule('must be an AWS Region, such as eu-west-1', text => /^[a-z]{2,}(-[a-z]+)+-\d+$/.test(text)),
  ),
  git_sha: gitSha,
  status: oneOf(MARKER_STATUSES),
  kind: z.optional(oneOf(MARKER_KINDS)),
  started_at: z.optional(time),
  deployed_at: z.optional(time),
  recorded_at: z.optional(time),
  // principalId of an audit event: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/query-integration-event-schema.html
  actor: z
    .string()
    .check(z.minLength(1, 'must not be empty'), z.maxLength(1024, 'must have at most 1024 characters')),
  triggered_by: z.optional(filled),
  repository: z.optional(filled),
  ref: z.optional(filled),
  run_id: z.optional(filled),
  workflow: z.optional(filled),
  job: z.optional(filled),
  role_session_name: z.optional(
    z.string().check(z.superRefine((name, ctx) => report(ctx, name, sessionNameProblem(name)))),
  ),
  target_version: z.optional(filled),
  previous_git_sha: z.optional(gitSha),
  reason: z.optional(filled),
  approved_by: z.optional(filled),
  url: z.optional(rule('must be an http or https URL without a user name or password', isPlainUrl)),
  labels: z.optional(
    z.record(
      z.string().check(
        z.refine(key => labelKey.test(key), {
          error: ({ input }) => `label key ${quote(input)} must be 1 to 64 characters of A-Z a-z 0-9 _ . -`,
        }),
      ),
      z.string(),
    ),
  ),
});

/**
 * Parses a marker as people and files write it: times become UTC whole seconds, commits lowercase, and an ARN's
 * account and Region count. Reports every problem at once.
 */
export function parseMarkerInput(record: unknown): Checked<MarkerInput> {
  const parsed = schema.safeParse(record, { error: describeIssue });
  if (!parsed.success)
    return { value: undefined, problems: toProblems(parsed.error.issues, 'is not a field of a marker') };
  const value = normalise(parsed.data);
  const problems = crossFieldProblems(value);
  return problems.length > 0 ? { value: undefined, problems } : { value, problems: [] };
}

function normalise(data: z.infer<typeof schema>): MarkerInput {
  const { started_at, deployed_at, recorded_at, previous_git_sha, ...rest } = data;
  const utc = (name: string, text: string | undefined): object => {
    const parsed = text === undefined ? undefined : parseUtcTime(text);
    return parsed === undefined ? {} : { [name]: parsed };
  };
  return {
    ...withoutUndefined(rest),
    ...placeOfComponent(data.component),
    git_sha: data.git_sha.toLowerCase(),
    ...(previous_git_sha === undefined ? {} : { previous_git_sha: previous_git_sha.toLowerCase() }),
    ...utc('started_at', started_at),
    ...utc('deployed_at', deployed_at),
    ...utc('recorded_at', recorded_at),
  };
}

function crossFieldProblems(marker: MarkerInput): Problem[] {
  const problems: Problem[] = [];
  const { status, started_at, deployed_at } = marker;
  if (isFinal(status) && deployed_at === undefined) {
    problems.push({
      path: '/deployed_at',
      message: `is required when the status is ${FINAL_STATUSES.join(', ')}`,
    });
  }
  if (started_at !== undefined && deployed_at !== undefined && started_at > deployed_at) {
    problems.push({ path: '/started_at', message: `${started_at} is after deployed_at ${deployed_at}` });
  }
  return problems;
}

function rule(message: string, holds: (text: string) => boolean) {
  return z.string().check(z.refine(holds, { error: ({ input }) => `${message}, got ${quote(input)}` }));
}

function oneOf<const T extends readonly [string, ...string[]]>(values: T) {
  return z.enum(values, {
    error: ({ input }) =>
      input === undefined ? 'is required' : `must be one of ${values.join(', ')}, got ${quote(input)}`,
  });
}

function report(ctx: { issues: unknown[] }, input: string, problem: string | undefined): void {
  if (problem !== undefined) ctx.issues.push({ code: 'custom', message: problem, input });
}

function sessionNameProblem(name: string): string | undefined {
  try {
    checkSessionName(name);
    return undefined;
  } catch (error) {
    if (error instanceof Error) return error.message;
    throw error;
  }
}

function isPlainUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && username === '' && password === '';
}
