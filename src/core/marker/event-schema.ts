import * as z from 'zod/mini';
import { type Problem, toPointer } from '../base/problem.ts';
import { quote } from '../base/quote.ts';
import { parseUtcTime } from '../time/utc.ts';
import { sizeProblems } from './event.ts';

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
  sourceIPAddress: z.optional(
    z.string().check(
      z.refine(isIpAddress, {
        error: ({ input }) => `must be an IPv4 or IPv6 address, got ${quote(input)}`,
      }),
    ),
  ),
  recipientAccountId: z
    .string()
    .check(
      z.refine(id => /^\d{12}$/.test(id), { error: ({ input }) => `must be 12 digits, got ${quote(input)}` }),
    ),
  additionalEventData: z.optional(jsonObject()),
});

/**
 * Everything that CloudTrail Lake's documented schema does not allow in an audit event.
 *
 * @param text the event as it is sent, whose size counts; default its shortest JSON
 */
export function auditEventProblems(event: unknown, text?: string): Problem[] {
  const parsed = schema.safeParse(event, { error: describeIssue });
  const shape = parsed.success ? [] : parsed.error.issues.flatMap(toProblems);
  if (typeof event !== 'object' || event === null) return shape;
  return [...shape, ...allSizeProblems(event, text)];
}

function allSizeProblems(event: object, text: string | undefined): Problem[] {
  try {
    return sizeProblems(event, Buffer.byteLength(text ?? JSON.stringify(event)));
  } catch (error) {
    // JSON.parse reads deeper nesting than JSON.stringify can write.
    if (error instanceof RangeError) return [{ path: '', message: 'is nested too deeply' }];
    throw error;
  }
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
  const utc = time.endsWith('Z') ? time : `${time}Z`;
  // Only a time that is already in the documented form comes back as it was.
  return parseUtcTime(utc) === utc;
}

function isIpAddress(text: string): boolean {
  const isIpv4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/.test(text);
  return isIpv4 || (/^[0-9a-f:.]*:[0-9a-f:.]*$/i.test(text) && URL.canParse(`http://[${text}]/`));
}

/** One sentence for the type errors that zod raises itself; our own rules bring theirs. */
function describeIssue(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code !== 'invalid_type') return undefined;
  if (issue.input === undefined) return 'is required';
  const expected = issue.expected === 'string' ? 'a string' : 'an object';
  return `must be ${expected}, got ${quote(issue.input)}`;
}

/** An unknown key is a problem of that key, not of the object around it. */
function toProblems(issue: z.core.$ZodIssue): Problem[] {
  if (issue.code !== 'unrecognized_keys') return [{ path: toPointer(issue.path), message: issue.message }];
  return issue.keys.map(key => ({ path: toPointer([...issue.path, key]), message: UNKNOWN_FIELD }));
}
