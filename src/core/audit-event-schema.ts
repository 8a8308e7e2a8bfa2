import * as z from 'zod/mini';
import { sizeProblems } from './audit-event.ts';
import type { Problem } from './problem.ts';
import { quote } from './quote.ts';
import { describeIssue, toProblems } from './schema-problems.ts';

const UNKNOWN_FIELD = 'is not in the integration schema; put it into additionalEventData';

/**
 * The integration event schema, field by field.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/query-integration-event-schema.html
 */
const schema = z.strictObject({
  version: text(256),
  userIdentity: z.looseObject({
    type: text(128),
    principalId: text(1024),
    details: z.optional(jsonObject()),
  }),
  userAgent: z.optional(text(1024)),
  eventSource: text(1024),
  eventName: text(1024),
  eventTime: z.string().check(
    z.refine(isEventTime, {
      error: ({ input }) => `must be a UTC time of the form yyyy-MM-ddTHH:mm:ssZ, got ${quote(input)}`,
    }),
  ),
  UID: text(1024),
  requestParameters: z.optional(jsonObject()),
  responseElements: z.optional(jsonObject()),
  errorCode: z.optional(text(256)),
  errorMessage: z.optional(text(256)),
  sourceIPAddress: z.optional(z.string()),
  recipientAccountId: z
    .string()
    .check(
      z.refine(id => /^\d{12}$/.test(id), { error: ({ input }) => `must be 12 digits, got ${quote(input)}` }),
    ),
  additionalEventData: z.optional(jsonObject()),
});

/** Everything that CloudTrail Lake's documented schema does not allow in an audit event. */
export function auditEventProblems(event: unknown): Problem[] {
  const parsed = schema.safeParse(event, { error: describeIssue });
  const shape = parsed.success ? [] : toProblems(parsed.error.issues, UNKNOWN_FIELD);
  if (typeof event !== 'object' || event === null) return shape;
  return [...shape, ...sizeProblems(event, Buffer.byteLength(JSON.stringify(event)))];
}

function text(longest: number) {
  return z
    .string()
    .check(
      z.minLength(1, 'must not be empty'),
      z.maxLength(longest, `must have at most ${longest} characters`),
    );
}

function jsonObject() {
  return z.record(z.string(), z.unknown());
}

function isEventTime(time: string): boolean {
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z?$/.test(time) && !Number.isNaN(Date.parse(time));
}
