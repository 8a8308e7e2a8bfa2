import type { ConfigHistory } from '../../aws/config/config-history.ts';
import type { History } from '../../aws/config/history-walk.ts';
import type { ConfigItem } from '../../core/investigate/config-item.ts';
import { type ConfigSubject, type Place, subjectsOf } from '../../core/investigate/config-types.ts';
import type { RecorderState, Recording } from '../../core/investigate/recorded-change.ts';
import type { CommandContext } from '../command.ts';
import type { MissingParts } from './parts.ts';
import type { Places } from './places.ts';

/** A component in one place, and when it was changed; milliseconds since the epoch. */
export interface ChangedThing {
  readonly component: string;
  readonly place: Place;
  /** Regions that may record it beside its own, where it is global. */
  readonly alsoIn: readonly string[];
  readonly first: number;
  readonly last: number;
  /** What was recorded up to then is wanted, whatever was changed last. */
  readonly through: number;
}

/** What reads recordings. */
export interface RecordingReader {
  readonly places: Places;
  readonly missing: MissingParts;
  readonly signal: AbortSignal;
  readonly context: CommandContext;
}

/** What Config recorded of a component; undefined where it could not be asked, which is noted. */
export async function readRecording(
  thing: ChangedThing,
  { places, missing, signal, context }: RecordingReader,
): Promise<Recording | undefined> {
  let answer: Recording | undefined;
  for (const region of [thing.place.region, ...thing.alsoIn]) {
    const place = { ...thing.place, region };
    const open = await places.open(place);
    if (open === undefined) return answer;
    const found = await missing.attempt(`AWS Config of ${place.account} in ${region}`, () =>
      readAt(open.config, { ...thing, place }, { signal, until: context.io.now() }),
    );
    if (found !== undefined && found.items.length > 0) return found;
    answer ??= found;
  }
  return answer;
}

interface Asked {
  readonly signal: AbortSignal;
  readonly until: number;
}

async function readAt(config: ConfigHistory, thing: ChangedThing, asked: Asked): Promise<Recording> {
  const subjects = subjectsOf(thing.component, thing.place);
  const [first] = subjects;
  const known = subjects.filter(({ type }) => config.knows(type));
  if (known[0] === undefined) {
    return { type: first?.type ?? '', items: [], searchedFrom: thing.first, absence: 'no-type' };
  }
  for (const subject of known) {
    const history = await readSubject(config, subject, thing, asked);
    if (history.none === 'no-recorder') return toRecording(subject.type, history, thing, undefined);
    if (history.none === undefined) {
      const isWhole = history.items.some(({ time }) => time >= thing.last);
      const recorder = isWhole ? undefined : await config.describeRecorder(subject.type, asked.signal);
      return toRecording(subject.type, history, thing, recorder);
    }
  }
  const recorder = await config.describeRecorder(known[0].type, asked.signal);
  const none = { items: [], searchedFrom: thing.first, none: 'not-discovered' } as const;
  return toRecording(known[0].type, none, thing, recorder);
}

/** By its id where that is known; by the id that Config has for its name where it is not, or where nothing goes by it. */
async function readSubject(
  config: ConfigHistory,
  { type, name, resourceId }: ConfigSubject,
  { first, last, through }: ChangedThing,
  { signal, until }: Asked,
): Promise<History> {
  const query = { type, first, last, through, until, signal };
  if (resourceId !== undefined) {
    const history = await config.read({ ...query, resourceId });
    if (history.none !== 'not-discovered') return history;
  }
  const found = await config.findId(type, name, signal);
  if (found === undefined || found === resourceId) {
    return { items: [], searchedFrom: first, none: 'not-discovered' };
  }
  return config.read({ ...query, resourceId: found });
}

/** Items of another account or Region are none of this thing. */
function toRecording(
  type: string,
  { items, searchedFrom, none }: History,
  { place }: ChangedThing,
  recorder: RecorderState | undefined,
): Recording {
  const isOwn = ({ account, region }: ConfigItem): boolean =>
    (account === undefined || place.account === '' || account === place.account) &&
    (region === undefined || region === 'global' || region === place.region);
  return { type, items: items.filter(isOwn), searchedFrom, recorder, absence: none };
}
