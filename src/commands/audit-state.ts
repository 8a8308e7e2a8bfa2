import { DEFAULT_WAITING } from '../core/correlate.ts';
import type { DeployStanding } from '../core/deploy-ledger.ts';
import { type FindingMemory, parseMemory, renderMemory } from '../core/finding-memory.ts';
import type { Report } from '../core/report.ts';
import type { StateStore } from '../core/state-store.ts';
import type { TimeRange } from '../core/time-range.ts';
import { formatUtcTime } from '../core/utc-time.ts';
import type { AuditFlags } from './audit.ts';
import { toTell } from './audit-notice.ts';
import type { CommandContext } from './command.ts';
import { learnerOf } from './credential-learner.ts';
import { firstRegion } from './trail-sources.ts';

/** What `--state` names, and what it held. */
export interface AuditState {
  readonly memory: FindingMemory | undefined;
  /** Replaces what it held. */
  write(memory: FindingMemory): Promise<void>;
}

/** Opens `--state`; undefined without it. @throws DeployMarkerError */
export async function openAuditState(
  flags: AuditFlags,
  context: CommandContext,
): Promise<AuditState | undefined> {
  const { state } = flags;
  if (state === undefined) return undefined;
  const { io, out, redactor } = context;
  const { openStateStore } = await import('./state-store.ts');
  const region = state.startsWith('s3:') ? firstRegion(flags, context) : '';
  const learn = learnerOf(redactor);
  const reach = { region, cwd: io.cwd, env: io.env, warn: out.warn, learn };
  const store: StateStore = await openStateStore(state, reach);
  const text = await store.read(io.signal);
  return {
    memory: text === undefined ? undefined : parseMemory(text, store.title),
    write: memory => store.write(renderMemory(memory), io.signal),
  };
}

/** What a run came to. */
export interface AuditRun {
  readonly range: TimeRange;
  readonly deploys: readonly DeployStanding[];
  readonly before: FindingMemory | undefined;
  /** No source lacks more than single records, which no later run will read either. */
  readonly isWhole: boolean;
}

/**
 * What is remembered after a run. The watermark stops before what CloudTrail may still deliver and before deploys that wait
 * or run, so that they are judged again. An incomplete answer leaves it where it was, and counts no finding as told for good:
 * the next run has to fail for them; but people are not told a second time.
 */
export function rememberRun(report: Report, { range, deploys, before, isWhole }: AuditRun): FindingMemory {
  const { generated_at: now, findings: found = [] } = report;
  const failing = found.filter(({ fails }) => fails).map(({ id }) => id);
  const start = before?.watermark ?? formatUtcTime(range.from);
  const findings = { ...before?.findings };
  const noticed = { ...before?.noticed };
  if (!isWhole) {
    for (const { id } of toTell(report)) noticed[id] ??= now;
    return { watermark: start, findings, noticed };
  }
  for (const id of failing) findings[id] ??= noticed[id] ?? now;
  // What lies between the last watermark and this run's range has not been judged.
  const goesOn = before === undefined || formatUtcTime(range.from) <= before.watermark;
  if (!goesOn) return { watermark: start, findings, noticed };
  const end = Math.min(range.until, Date.parse(now)) - DEFAULT_WAITING;
  const open = deploys.filter(({ state, isYoung }) => state === 'running' || isYoung);
  const reached = formatUtcTime(
    Math.max(Math.min(end, ...open.map(({ deploy }) => deploy.opens)), range.from),
  );
  return { watermark: reached > start ? reached : start, findings, noticed };
}
