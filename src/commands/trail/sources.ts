import { resolve } from 'node:path';
import type { AthenaSourceOptions } from '../../aws/athena/athena-sources.ts';
import type { OptionValues } from '../../config/option.ts';
import { quote } from '../../core/base/quote.ts';
import { EVERYWHERE, type PlaceChoice } from '../../core/source/place-choice.ts';
import type { HistoryPlace } from '../../core/source/place-sighting.ts';
import type { ChangeSource, MarkerSource } from '../../core/source/source.ts';
import { parseTableName } from '../../core/sql/athena-table.ts';
import { parseSpan } from '../../core/time/duration.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import type { CommandContext } from '../command.ts';
import { connection, firstRegion, OWN, type PlaceFlags, parseAccount, readPlaceChoice } from './accounts.ts';
import { openMarkerBucket, openTrailBucket } from './bucket-sources.ts';
import type { TRAIL_FLAGS } from './trail.flags.ts';

/** The flags of `trace` and `audit` that say where to look, and how to judge. */
export type TrailFlags = OptionValues<typeof TRAIL_FLAGS> & Pick<PlaceFlags, 'isRegionAssumed'>;

/** A source of changes, and what of it is asked for: it may hand over more. */
export interface OpenedChanges {
  readonly source: ChangeSource;
  readonly asked: PlaceChoice;
  /** Of event history, which is of one place: the account is undefined where it is that of the credentials at hand. */
  readonly history?: HistoryPlace;
}

const LAKE = 'lake:';
const LOGS = 'logs:';
const ATHENA = 'athena:';
const IN_REGION = [LAKE, LOGS, ATHENA];
const S3 = 's3:';
const EVENT_HISTORY = 'event-history';
const MOST_PAGES = 1_000_000;

/** Whether `--markers` names a source. @throws DeployMarkerError USAGE if not, and the question is about them */
export function hasMarkers({ markers }: Pick<TrailFlags, 'markers'>, areNeeded: boolean): boolean {
  if (!areNeeded || markers.length > 0) return markers.length > 0;
  throw new DeployMarkerError('USAGE', 'it is not known where the markers are', {
    hint: 'pass --markers with a file, a folder, lake:ID, logs:GROUP, s3://BUCKET/PREFIX or athena:DATABASE.TABLE',
  });
}

/** Opens what `--markers` names. @throws DeployMarkerError USAGE where a Region is not known, CONFIG_INVALID if it is none */
export async function openMarkerSources(flags: TrailFlags, context: CommandContext): Promise<MarkerSource[]> {
  const sources: MarkerSource[] = [];
  for (const source of new Set(flags.markers.map(toSource))) {
    if (source.startsWith(S3)) {
      sources.push(await openMarkerBucket(source, flags, context));
    } else if (source.startsWith(LAKE)) {
      const { createLakeMarkers } = await import('../../aws/cloudtrail/lake-sources.ts');
      const place = { store: source.slice(LAKE.length), eventSource: flags['event-source'] };
      sources.push(createLakeMarkers({ ...place, ...connection(firstRegion(flags, context), OWN, context) }));
    } else if (source.startsWith(LOGS)) {
      const { createLogMarkers } = await import('../../aws/logs/log-markers.ts');
      const place = { logGroup: source.slice(LOGS.length) };
      sources.push(createLogMarkers({ ...place, ...connection(firstRegion(flags, context), OWN, context) }));
    } else if (source.startsWith(ATHENA)) {
      const { createAthenaMarkers } = await import('../../aws/athena/athena-sources.ts');
      sources.push(createAthenaMarkers(athenaPlace(source, '--markers', flags, context)));
    } else {
      const { createMarkerFiles } = await import('../../io/records/marker-files.ts');
      sources.push(createMarkerFiles(resolve(context.io.cwd, source), source));
    }
  }
  return sources;
}

/**
 * Opens what `--changes` names; without it event history, for every account and Region.
 *
 * @param verifies whether logs in a bucket are held against CloudTrail's digests
 * @throws DeployMarkerError USAGE, ARN_INVALID, CONFIG_INVALID
 */
export async function openChangeSources(
  flags: TrailFlags,
  context: CommandContext,
  verifies = false,
): Promise<OpenedChanges[]> {
  const named = [...new Set(flags.changes.length === 0 ? [EVENT_HISTORY] : flags.changes.map(toSource))];
  const late = parseSpan(flags.late, '--late');
  // Event history is asked by place, and so holds nothing else.
  const needsChoice = named.some(source => source !== EVENT_HISTORY);
  const asked = needsChoice ? await readPlaceChoice(flags, context) : EVERYWHERE;
  const opened: OpenedChanges[] = [];
  for (const source of named) {
    if (source === EVENT_HISTORY) {
      for (const history of await openEventHistories(flags, context)) opened.push(history);
    } else if (source.startsWith(LAKE) || source.startsWith(LOGS)) {
      // Of these --region says where they are: a trail of all Regions delivers to one of them.
      const ofAccounts = { ...asked, regions: [] };
      opened.push({ source: await openStore(source, { ...flags, late }, context), asked: ofAccounts });
    } else {
      const wanted = { ...flags, late, verifies, asked };
      opened.push({ source: await openTrail(source, wanted, context), asked });
    }
  }
  return opened;
}

/** Flags of which one is read: how late records may come, in milliseconds. */
type ReadFlags = Omit<TrailFlags, 'late'> & { readonly late: number };

/** A store of Lake, or a log group. */
async function openStore(source: string, flags: ReadFlags, context: CommandContext): Promise<ChangeSource> {
  const place = connection(firstRegion(flags, context), OWN, context);
  if (source.startsWith(LAKE)) {
    const { createLakeChanges } = await import('../../aws/cloudtrail/lake-sources.ts');
    return createLakeChanges({ store: source.slice(LAKE.length), ...place });
  }
  const { createLogChanges } = await import('../../aws/logs/log-changes.ts');
  return createLogChanges({ logGroup: source.slice(LOGS.length), late: flags.late, ...place });
}

/** What a trail delivered: a table, a bucket or files. */
async function openTrail(
  source: string,
  flags: ReadFlags & { readonly verifies: boolean; readonly asked: PlaceChoice },
  context: CommandContext,
): Promise<ChangeSource> {
  const { asked, late } = flags;
  if (source.startsWith(ATHENA)) {
    const { createAthenaChanges } = await import('../../aws/athena/athena-sources.ts');
    return createAthenaChanges({ ...athenaPlace(source, '--changes', flags, context), ...asked, late });
  }
  if (source.startsWith(S3)) return openTrailBucket(source, flags, context);
  const { createTrailLogs } = await import('../../io/trail/trail-logs.ts');
  return createTrailLogs(resolve(context.io.cwd, source), source, asked);
}

/** A source in its plain form. */
export function toSource(source: string): string {
  if (source.toLowerCase() === EVENT_HISTORY) return EVENT_HISTORY;
  return /^s3:/i.test(source) ? `s3:${source.slice('s3:'.length).replace(/\/+$/, '')}` : source;
}

/** Whether a source is the bucket of a trail. */
export function isBucket(source: string): boolean {
  return toSource(source).startsWith(S3);
}

/** Whether event history is among the sources. */
export function asksHistory({ changes }: Pick<TrailFlags, 'changes'>): boolean {
  return changes.length === 0 || changes.some(source => toSource(source) === EVENT_HISTORY);
}

/** Whether flags say of a source of changes which Regions are read of it; of Lake and log groups they say where those are. */
export function choosesPlaces({ changes }: Pick<TrailFlags, 'changes'>): boolean {
  const isStore = (source: string): boolean => source.startsWith(LAKE) || source.startsWith(LOGS);
  return changes.length === 0 || !changes.map(toSource).every(isStore);
}

/** Whether any source is asked in a Region that somebody has to say; of a bucket S3 says it. */
export function needsRegion(flags: Pick<TrailFlags, 'changes' | 'markers'>): boolean {
  const named = [...flags.changes, ...flags.markers].map(toSource);
  return (
    flags.changes.length === 0 ||
    named.some(source => source === EVENT_HISTORY || IN_REGION.some(kind => source.startsWith(kind)))
  );
}

/** A table, in the first Region that is named. @throws DeployMarkerError USAGE */
function athenaPlace(
  source: string,
  flag: string,
  flags: Omit<TrailFlags, 'late'>,
  context: CommandContext,
): AthenaSourceOptions {
  return {
    ...connection(firstRegion(flags, context), OWN, context),
    table: parseTableName(source.slice(ATHENA.length), `${flag} ${ATHENA}`),
    workGroup: flags.workgroup,
    outputLocation: flags['output-location'],
    note: context.out.note,
  };
}

async function openEventHistories(flags: TrailFlags, context: CommandContext): Promise<OpenedChanges[]> {
  const { createEventHistory } = await import('../../aws/cloudtrail/event-history.ts');
  const accounts =
    flags.account.length === 0 ? [OWN] : [...new Set(flags.account)].map(account => parseAccount(account));
  const regions = flags.region.length === 0 ? [firstRegion(flags, context)] : [...new Set(flags.region)];
  const maxPages = parsePages(flags['max-pages']);
  return accounts.flatMap(account =>
    regions.map(region => ({
      source: createEventHistory({
        account: account.name,
        maxPages,
        now: context.io.now,
        ...connection(region, account, context),
      }),
      asked: EVERYWHERE,
      history: { account: account === OWN ? undefined : account.name, region },
    })),
  );
}

function parsePages(text: string): number {
  const pages = Number(text);
  if (/^\d+$/.test(text) && pages >= 1 && pages <= MOST_PAGES) return pages;
  throw new DeployMarkerError('USAGE', `--max-pages must be a whole number from 1, got ${quote(text)}`, {
    hint: 'pass --max-pages 2000',
  });
}
