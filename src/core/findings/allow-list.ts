import * as z from 'zod/mini';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { placeOfFault } from '../base/json-text.ts';
import { matchesAny, type NameTest } from '../base/pattern.ts';
import { describeProblems, toPointer } from '../base/problem.ts';
import { quote } from '../base/quote.ts';
import { nameKey } from '../component/key.ts';
import { placeTest } from '../component/placed-pattern.ts';
import { formatUtcTime, parseUtcTime } from '../time/utc.ts';
import type { Finding } from './finding.ts';
import { FINDING_KINDS } from './report.ts';

const DAY_MS = 86_400_000;
const filled = z.string().check(z.minLength(1));

const schema = z.array(
  z
    .strictObject({
      kind: z.optional(z.enum(FINDING_KINDS)),
      component: z.optional(filled),
      action: z.optional(filled),
      actor: z.optional(filled),
      event_id: z.optional(filled),
      why: filled,
      approved_by: z.optional(filled),
      until: z
        .string()
        .check(z.refine(text => endOf(text) !== undefined, 'must be a date, or a time with an offset')),
    })
    .check(
      z.refine(
        ({ component, action, actor, event_id }) => [component, action, actor, event_id].some(Boolean),
        'must name a component, an action, an actor or an event_id',
      ),
    ),
);

/** What is allowed, why, and until when. Names are patterns in which `*` stands for any characters. */
export interface Allowance {
  readonly why: string;
  /** Milliseconds since the epoch. */
  readonly until: number;
  /** The same in words: a day as it stands in the list, else a time in UTC. */
  readonly untilText: string;
  /** Who approved it, if the list says so. */
  readonly approvedBy: string | undefined;
  /** What is allowed, as it stands in the list. */
  readonly what: string;
  allows(finding: Finding): boolean;
}

/**
 * Parses an allow list: a JSON array of objects with `why`, `until` (a date counts to its end, UTC), perhaps `approved_by`, and what is allowed: any of
 * `component`, `action`, `actor` (patterns), `event_id` and `kind`, all of which must hold.
 *
 * @param title the file, for messages
 * @throws DeployMarkerError CONFIG_INVALID naming all that does not hold
 */
export function parseAllowList(text: string, title: string): Allowance[] {
  const parsed = schema.safeParse(parseJson(text, title), { error: describeIssue });
  if (parsed.success) return parsed.data.map(toAllowance);
  const problems = parsed.error.issues.map(({ path, message }) => ({ path: toPointer(path), message }));
  throw new DeployMarkerError('CONFIG_INVALID', `${title} is no allow list: ${describeProblems(problems)}`, {
    hint: 'write entries such as {"component":"lambda:a","actor":"*:user/eve","why":"OPS-123","until":"2026-12-31"}',
  });
}

/** One sentence for what zod finds by itself; our own rules bring theirs. */
function describeIssue(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'unrecognized_keys') return `has no field ${issue.keys.map(quote).join(', ')}`;
  if (issue.code === 'too_small') return 'must not be empty';
  if (issue.code === 'invalid_value')
    return `must be one of ${issue.values.join(', ')}, got ${quote(issue.input)}`;
  return issue.input === undefined ? 'is required' : `is of the wrong type, got ${quote(issue.input)}`;
}

function toAllowance(entry: z.infer<typeof schema>[number]): Allowance {
  const { why, until, approved_by: approvedBy, ...what } = entry;
  const end = endOf(until) ?? 0;
  const tests = (['component', 'action', 'actor'] as const).flatMap((field): [typeof field, NameTest][] => {
    const pattern = what[field];
    if (pattern === undefined) return [];
    return [[field, matchesAny([field === 'component' ? nameKey(pattern) : pattern])]];
  });
  // What an ARN allows elsewhere, nobody has allowed.
  const isThere = placeTest(what.component ?? '') ?? (() => true);
  return {
    why,
    until: end,
    untilText: dayOf(until)?.slice(0, 'YYYY-MM-DD'.length) ?? formatUtcTime(end),
    approvedBy,
    what: JSON.stringify(what),
    allows: finding =>
      (what.kind === undefined || what.kind === finding.kind) &&
      (what.event_id === undefined || what.event_id === finding.event_id) &&
      isThere(finding, false) &&
      tests.every(([field, isMeant]) => isMeant(finding[field] ?? '')) &&
      // One call may change several things, and all of them have to be allowed.
      tests.every(([field, isMeant]) => field !== 'component' || (finding.also ?? []).every(isMeant)),
  };
}

/** The first moment of a day; undefined for what is none. */
function dayOf(text: string): string | undefined {
  return parseUtcTime(`${text}T00:00:00Z`);
}

function endOf(text: string): number | undefined {
  const day = dayOf(text);
  if (day !== undefined) return Date.parse(day) + DAY_MS;
  const time = parseUtcTime(text);
  return time === undefined ? undefined : Date.parse(time);
}

function parseJson(text: string, title: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const [what, hint] =
      text.trim() === ''
        ? ['is empty', 'write [] where nothing is allowed']
        : [`is not JSON at ${placeOfFault(text)}`, `correct ${title}, a JSON list of what is allowed`];
    throw new DeployMarkerError('CONFIG_INVALID', `${title} ${what}`, { hint, cause });
  }
}
