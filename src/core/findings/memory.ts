import * as z from 'zod/mini';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { parseJson } from '../base/json-record.ts';
import { withoutUndefined } from '../base/without-undefined.ts';
import { parseUtcTime } from '../time/utc.ts';

const time = z.string().check(z.refine(text => parseUtcTime(text) === text, 'must be a UTC time'));
const baseline = z.object({ version: z.literal(1), findings: z.array(z.string()) });
const times = z.record(z.string(), time);
// What came later than the first files is optional: they are read still.
const memory = z.object({
  version: z.literal(1),
  watermark: time,
  findings: times,
  noticed: z.optional(times),
  mentioned: z.optional(times),
  begun: z.optional(time),
  question: z.optional(z.record(z.string(), z.string())),
  claimed: z.optional(time),
});

/** Findings are forgotten when they are this old; nothing reads that far back with `--since last`. */
const FORGET_MS = 400 * 86_400_000;

/** What `audit` remembers from one run to the next. Times are UTC whole seconds. */
export interface FindingMemory {
  /** Everything before it has been judged for good. */
  readonly watermark: string;
  /** When each finding was first told, by id. */
  readonly findings: Readonly<Record<string, string>>;
  /** The same of findings that people were told of by a run whose answer was incomplete. */
  readonly noticed: Readonly<Record<string, string>>;
  /** The same of findings that do not fail, as far as the next run may see them again. */
  readonly mentioned: Readonly<Record<string, string>>;
  /** Nothing before it was ever asked for; undefined if an earlier version wrote the file. */
  readonly begun: string | undefined;
  /** What all of it is the answer to, by flag; undefined if an earlier version wrote the file. */
  readonly question: Readonly<Record<string, string>> | undefined;
  /** Until then the run that wrote it tells people what it found, and no other may. */
  readonly claimed?: string | undefined;
}

/** Reads what {@link renderMemory} wrote. @throws DeployMarkerError CONFIG_INVALID */
export function parseMemory(text: string, title: string): FindingMemory {
  const held = parse(memory, text, title, 'audit --state');
  const { watermark, findings, noticed = {}, mentioned = {}, begun, question, claimed } = held;
  return { watermark, findings, noticed, mentioned, begun, question, ...withoutUndefined({ claimed }) };
}

/**
 * The text of a memory; findings that were told long ago are left out.
 *
 * @param run tells the texts of two runs apart that remember the same: who finds another's text there must not take it for its own
 */
export function renderMemory({ findings, noticed, mentioned, ...rest }: FindingMemory, run: string): string {
  const oldest = Date.parse(rest.watermark) - FORGET_MS;
  const keep = (entries: FindingMemory['findings']): FindingMemory['findings'] =>
    Object.fromEntries(Object.entries(entries).filter(([, told]) => Date.parse(told) >= oldest));
  const told = { findings: keep(findings), noticed: keep(noticed), mentioned: keep(mentioned) };
  return `${JSON.stringify({ version: 1, run, ...rest, ...told })}\n`;
}

/** Ids of findings that a baseline accepts. @throws DeployMarkerError CONFIG_INVALID */
export function parseBaseline(text: string, title: string): ReadonlySet<string> {
  return new Set(parse(baseline, text, title, 'audit --write-baseline').findings);
}

/** The text of a baseline that accepts these findings. */
export function renderBaseline(ids: readonly string[]): string {
  return `${JSON.stringify({ version: 1, findings: [...new Set(ids)].sort() }, null, 2)}\n`;
}

function parse<T extends z.ZodMiniType>(schema: T, text: string, title: string, by: string): z.infer<T> {
  const parsed = schema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new DeployMarkerError('CONFIG_INVALID', `${title} is not what ${by} writes`, {
    hint: `name the file that ${by} wrote, or remove this one`,
  });
}
