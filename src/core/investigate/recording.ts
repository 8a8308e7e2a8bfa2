import type { Change } from '../change/change.ts';
import { isWithin, type TimeRange } from '../time/range.ts';
import { formatUtcTime } from '../time/utc.ts';
import type { ConfigItem } from './config-item.ts';
import { compareItems, type Difference, type DifferenceEntry } from './difference.ts';
import type { RecordedChange, Recording, StrayDifference } from './recorded-change.ts';
import { describeSpan } from './span-words.ts';

/**
 * Config mostly records within minutes, and says of a daily recorder that items come within 24 hours.
 * Source: https://docs.aws.amazon.com/config/latest/developerguide/select-resources.html (recording frequency); the first is our own choice.
 */
const WAITING = { continuous: 15 * 60_000, daily: 25 * 3_600_000 };
/** A difference that was recorded so much later may hold more than the change. */
const LATE = 3_600_000;

const NONE: Pick<RecordedChange, 'differences' | 'noise' | 'shared_with'> = {
  differences: [],
  noise: 0,
  shared_with: [],
};

/** A change as far as it counts here; milliseconds since the epoch. */
export type Moment = Pick<Change, 'id' | 'time'>;

/** What Config recorded around each of the changes of the resource, by the id of the change. */
export function tieRecording(
  recording: Recording,
  changes: readonly Moment[],
  now: number,
): Map<string, RecordedChange> {
  const groups = new Map<number, Moment[]>();
  for (const change of changes.toSorted((a, b) => a.time - b.time)) {
    const rank = rankAfter(recording.items, change);
    groups.set(rank, [...(groups.get(rank) ?? []), change]);
  }
  const told = new Map<string, RecordedChange>();
  for (const [rank, group] of groups) {
    for (const change of group) {
      const others = group.filter(({ id }) => id !== change.id);
      told.set(change.id, judgeChange({ recording, rank, change, others, now }));
    }
  }
  return told;
}

/** Differences in the range that lie between two items and no change. */
export function findStrays(
  { type, items }: Recording,
  changes: readonly Moment[],
  range: TimeRange,
): StrayDifference[] {
  const taken = new Set(changes.map(change => rankAfter(items, change)));
  return items.flatMap((after, rank): StrayDifference[] => {
    const before = items[rank - 1];
    if (before === undefined || taken.has(rank) || !isWithin(after.time, range)) return [];
    const frame = { before_at: formatUtcTime(before.time), after_at: formatUtcTime(after.time) };
    if (before.status === 'deleted' || after.status === 'deleted') {
      if (before.status === after.status) return [];
      return [{ ...frame, state: after.status === 'deleted' ? 'deleted' : 'created', differences: [] }];
    }
    const { entries } = compareItems(type, before, after);
    return entries.length === 0 ? [] : [{ ...frame, state: 'changed', differences: entries }];
  });
}

/** The first item that can show the change; as many as there are where none can. CloudTrail's times are whole seconds. */
function rankAfter(items: readonly ConfigItem[], { id, time }: Moment): number {
  const named = items.findIndex(({ events }) => events.includes(id));
  if (named !== -1) return named;
  const second = Math.floor(time / 1000) * 1000;
  const found = items.findIndex(item => item.time >= second);
  return found === -1 ? items.length : found;
}

interface Judged {
  readonly recording: Recording;
  /** Of the first item after the change. */
  readonly rank: number;
  readonly change: Moment;
  readonly others: readonly Moment[];
  readonly now: number;
}

function judgeChange(judged: Judged): RecordedChange {
  const { recording, rank, change, others } = judged;
  const { items } = recording;
  const [before, after] = [items[rank - 1], items[rank]];
  if (after === undefined) return judgeUnseen(judged);
  const frame = {
    ...(before === undefined ? {} : { before_at: formatUtcTime(before.time) }),
    after_at: formatUtcTime(after.time),
    recording: after.frequency,
    shared_with: others.map(({ id }) => id),
  };
  if (after.status === 'not-recorded') {
    return {
      ...NONE,
      ...frame,
      state: 'not-recorded',
      note: 'Config says that it does not record it any more',
    };
  }
  if (after.status === 'deleted') return { ...NONE, ...frame, state: 'deleted' };
  if (before === undefined || before.status === 'deleted') return judgeNew(judged, after, frame);
  const { entries, noise } = compareItems(recording.type, before, after);
  const isMissed = others.some(({ time }) => time > change.time) && after.time - change.time > delayOf(after);
  const state = isMissed ? 'missed' : entries.length === 0 ? 'unchanged' : 'changed';
  const note = [
    after.status === 'discovered' ? 'it was deleted and made anew between two recordings' : '',
    ...describeMatch(judged, after, entries),
  ];
  return { ...frame, state, differences: entries, noise, ...toNote(note) };
}

/** Until a recording counts as late. */
function delayOf({ frequency }: Pick<ConfigItem, 'frequency'>): number {
  return frequency === 'daily' ? WAITING.daily : LATE;
}

function describeMatch(
  { change, others }: Judged,
  after: ConfigItem,
  entries: readonly DifferenceEntry[],
): string[] {
  const lag = after.time - change.time;
  const isLate = lag > delayOf(after);
  const shared = `${others.length + 1} changes lie between two recordings`;
  const many =
    others.length === 0
      ? ''
      : entries.length === 0
        ? `${shared}, and may have undone each other`
        : `${shared}: the difference is that of all of them`;
  const late = `Config recorded it only ${describeSpan(lag)} later${others.length === 0 ? ': something else may be in it' : ''}`;
  const same = 'the call set what was there already, or something that Config does not record';
  return [
    many,
    isLate ? late : '',
    after.frequency === 'daily' ? 'Config records it once a day: the difference is that of a day' : '',
    entries.length === 0 && others.length === 0 ? same : '',
  ];
}

type Frame = Pick<RecordedChange, 'before_at' | 'after_at' | 'recording' | 'shared_with'>;

/** Nothing stood there before, as far as is known. */
function judgeNew({ recording, rank, others }: Judged, after: ConfigItem, frame: Frame): RecordedChange {
  const { items, type, searchedFrom } = recording;
  const gone = items[rank - 1];
  const earlier =
    gone === undefined ? undefined : items.slice(0, rank).findLast(({ status }) => status !== 'deleted');
  const shared = others.length === 0 ? '' : `${others.length + 1} changes lie before its first recording`;
  if (earlier !== undefined) {
    const { entries, noise }: Difference = compareItems(type, earlier, after);
    const note = ['it was deleted before, and is made anew: compared with what was there then', shared];
    return { ...frame, state: 'created', differences: entries, noise, ...toNote(note) };
  }
  if (gone !== undefined || after.status === 'discovered') {
    return { ...NONE, ...frame, state: 'created', ...toNote([shared]) };
  }
  const since = `Config has no item of it from ${formatUtcTime(searchedFrom)} to the change`;
  return { ...NONE, ...frame, state: 'no-before', ...toNote([since, shared]) };
}

/** No item is as young as the change. */
function judgeUnseen({ recording, change, now, others }: Judged): RecordedChange {
  const { recorder, items } = recording;
  const last = items.at(-1);
  const frame = {
    ...NONE,
    ...(last === undefined ? {} : { before_at: formatUtcTime(last.time) }),
    shared_with: others.map(({ id }) => id),
  };
  const why = whyNot(recording);
  if (why !== undefined) return { ...frame, state: 'not-recorded', note: why };
  const frequency = recorder?.frequency ?? last?.frequency ?? 'continuous';
  const age = now - change.time;
  if (age < WAITING[frequency]) {
    const soon =
      frequency === 'daily'
        ? `Config records it once a day; ask again after ${formatUtcTime(change.time + WAITING.daily)}`
        : 'Config has not recorded it yet, which takes some minutes; ask again then';
    return { ...frame, recording: frequency, state: 'waiting', note: soon };
  }
  if (recording.absence === 'not-discovered') {
    return {
      ...frame,
      state: 'not-recorded',
      note: 'AWS Config does not know this resource in this account and Region',
    };
  }
  const note = `Config has recorded nothing since, though ${describeSpan(age)} went by: it missed the change, or does not record what was changed`;
  return { ...frame, recording: frequency, state: 'missed', note };
}

/** Why Config records nothing; undefined where it does, as far as is known. */
export function whyNot({ recorder, absence, type }: Recording): string | undefined {
  const state = recorder?.state;
  if (absence === 'no-type')
    return `AWS Config records nothing of this kind${type === '' ? '' : ` (${type})`}`;
  if (state === 'none' || absence === 'no-recorder')
    return 'there is no recorder of AWS Config in this account and Region';
  if (state === 'stopped') return 'the recorder of AWS Config is stopped';
  return state === 'other-types' ? 'the recorder of AWS Config leaves this type of resource out' : undefined;
}

function toNote(parts: readonly string[]): { readonly note?: string } {
  const note = parts.filter(Boolean).join('; ');
  return note === '' ? {} : { note };
}
