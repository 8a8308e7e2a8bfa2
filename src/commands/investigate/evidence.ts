import { isUnknown } from '../../core/component/spellings.ts';
import type { Report, ReportChange } from '../../core/findings/report.ts';
import type { Place } from '../../core/investigate/config-types.ts';
import type { Drift } from '../../core/investigate/drift.ts';
import type { InvestigatedChange, Stray } from '../../core/investigate/investigation.ts';
import type { RecordedChange, Recording } from '../../core/investigate/recorded-change.ts';
import { findStrays, tieRecording, whyNot } from '../../core/investigate/recording.ts';
import type { TimeRange } from '../../core/time/range.ts';
import type { KeptRequests } from '../trail/requests.ts';
import { type FoundDrift, readDrift, toDrift } from './drift.ts';
import type { MissingParts } from './parts.ts';
import { type RecordingReader, readRecording } from './recordings.ts';
import { boundThings, type Thing, thingsOf } from './things.ts';

/** What is asked of Config and CloudFormation. */
export interface EvidenceQuestion extends RecordingReader {
  readonly component: string;
  /** Places that the component is in, where no change tells. */
  readonly homes: readonly Place[];
  readonly range: TimeRange;
  readonly now: number;
  readonly regions: readonly string[];
  readonly labels: readonly string[];
  readonly looks: boolean;
  readonly requests: KeptRequests;
}

/** What they say. */
export interface Evidence {
  readonly changes: readonly InvestigatedChange[];
  readonly strays: readonly Stray[];
  readonly drift: readonly Drift[];
  /** Whether AWS Config or CloudFormation has anything of what is asked for. */
  readonly isKnown: boolean;
}

/** What they say of a name without a kind, of which nothing was seen: neither can be asked for it. */
export function noEvidence(name: string, missing: MissingParts): Evidence {
  missing.tell({
    kind: 'not-seen',
    subject: name,
    message: 'AWS Config and CloudFormation were not asked: they want its kind too, as in lambda:NAME',
  });
  return { changes: [], strays: [], drift: [], isKnown: false };
}

/** Asks Config about everything that was changed, and CloudFormation about the component, side by side. */
export async function gatherEvidence(report: Report, question: EvidenceQuestion): Promise<Evidence> {
  const all = thingsOf(report.changes, question);
  const things = boundThings(all, question.missing);
  const jobs = things.map(thing => {
    const recording = isUnknown(thing.component)
      ? Promise.resolve(undefined)
      : readRecording(thing, question);
    // Whoever looks for the stack may be the first to wait for it.
    recording.catch(() => {});
    return { thing, recording, drift: thing.isAsked ? driftOf(thing, recording, question) : undefined };
  });
  const ends = await Promise.all(
    jobs.map(async ({ thing, recording, drift }) => ({
      thing,
      recording: await recording,
      drift: await drift,
    })),
  );
  const recorded = new Map<string, RecordedChange>();
  for (const { thing, recording } of ends)
    for (const [id, each] of recordedOf(thing, recording, question)) recorded.set(id, each);
  const changes = report.changes.map(change => toInvestigated(change, recorded, question.requests));
  const suspects = changes.filter(
    ({ component }) => component === question.component || component.startsWith('stack:'),
  );
  const found = ends.flatMap(({ drift }) => drift ?? []);
  const isRecorded = ends.some(({ thing, recording }) => thing.isAsked && (recording?.items.length ?? 0) > 0);
  return {
    changes,
    strays: ends.flatMap(({ thing, recording }) => straysOf(thing, recording, question)),
    drift: found.map(each => toDrift(each, question.component.startsWith('stack:') ? changes : suspects)),
    isKnown: found.length > 0 || isRecorded,
  };
}

async function driftOf(
  { component, place }: Thing,
  recording: Promise<Recording | undefined>,
  question: EvidenceQuestion,
): Promise<FoundDrift | undefined> {
  if (isUnknown(component)) return undefined;
  const open = await question.places.open(place);
  return open === undefined
    ? undefined
    : readDrift(open.stacks, { ...question, component, place, recording });
}

function recordedOf(
  { changes, component }: Thing,
  recording: Recording | undefined,
  { now, missing }: EvidenceQuestion,
): Map<string, RecordedChange> {
  if (recording === undefined) {
    const note = isUnknown(component)
      ? 'the call does not name what it changed, so that AWS Config cannot be asked'
      : 'AWS Config could not be asked';
    const state = isUnknown(component) ? 'not-recorded' : 'not-read';
    const unread = { state, note, differences: [], noise: 0, shared_with: [] } as const;
    return new Map(changes.map(({ id }) => [id, unread]));
  }
  const told = tieRecording(recording, changes, now);
  const subject = `AWS Config of ${component}`;
  for (const { state, note = '' } of told.values()) {
    if (state === 'waiting') missing.wait(subject, note);
    if (state === 'not-recorded' || state === 'missed' || state === 'no-before') {
      missing.tell({ kind: 'not-seen', subject, message: note });
    }
  }
  const why = changes.length === 0 ? whyNot(recording) : undefined;
  if (why !== undefined) missing.tell({ kind: 'not-seen', subject, message: why });
  return told;
}

function straysOf(
  { isAsked, component, place, changes }: Thing,
  recording: Recording | undefined,
  { range }: EvidenceQuestion,
): Stray[] {
  if (!isAsked || recording === undefined) return [];
  return findStrays(recording, changes, range).map(stray => ({ component, ...place, ...stray }));
}

function toInvestigated(
  change: ReportChange,
  recorded: ReadonlyMap<string, RecordedChange>,
  requests: KeptRequests,
): InvestigatedChange {
  const { event_id, time, account, region, service, action, component, also, actor } = change;
  const { standing, deploys, rule, note, explanation } = change;
  const told = { event_id, time, account, region, service, action, component, also, actor };
  const none = {
    state: 'not-read',
    differences: [],
    noise: 0,
    shared_with: [],
    note: 'AWS Config was not asked: too many things were changed',
  } as const;
  return {
    ...told,
    ...{ standing, deploys, rule, note, explanation },
    request: requests.of(event_id) ?? null,
    recorded: recorded.get(event_id) ?? none,
  };
}
