import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { FALLBACK_FILE } from '../../config/config-file.ts';
import { type Arn, parseChannelArn, parseRoleArn } from '../../core/base/arn.ts';
import { quote } from '../../core/base/quote.ts';
import type { MarkerSink } from '../../core/delivery/sink.ts';
import { type DoctorCheck, noted, passed } from '../../core/doctor-check.ts';
import type { Marker } from '../../core/marker/marker.ts';
import { UID_NAMESPACE } from '../../core/marker/uuid.ts';
import { takesAuditEvents } from '../../core/sql/lake-regions.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import {
  checkRecords,
  type MarkerContext,
  makeMarker,
  markerContextOf,
  readMarkers,
} from '../emit/marker-stream.ts';
import { createFlagSource } from '../emit/source.ts';
import { chooseSinks, isAnySinkSet, type SinkChoice } from '../sinks/choice.ts';
import { openSinks } from '../sinks/sinks.ts';
import { type DoctorScene, diagnose } from './scene.ts';

/** Stands in for a component where none is set. */
const SAMPLE_COMPONENT = 'lambda:sample';

/** A check, and the sinks that it opened; undefined if there are none to make a marker for. */
export interface SinkCheck {
  readonly check: DoctorCheck;
  readonly sinks: readonly MarkerSink[] | undefined;
}

/**
 * The check of where markers would go from here. Sinks are opened as emit opens them, and nothing is sent.
 *
 * @param channel what was found of the channel
 */
export async function checkSink(scene: DoctorScene, channel: DoctorCheck): Promise<SinkCheck> {
  const { emit, context } = scene;
  if (channel.status === 'fail') {
    const told = noted('sink', 'skipped', 'the ARN of the channel does not hold', 'mend the channel first');
    return { check: told, sinks: undefined };
  }
  let sinks: readonly MarkerSink[] | undefined;
  const check = await diagnose('sink', async () => {
    const choice = chooseOrNone(scene);
    if (choice === undefined) {
      const next = 'pass --channel-arn, --log-group, --bucket or --file as your steps do';
      return noted('sink', 'warn', 'no sink is set, and in CI emit fails without one', next);
    }
    const { sinks: open } = await openSinks(emit, context, scene.facts.system !== undefined);
    for (const { name, title } of open) if (name === 'file') checkFile(title, scene);
    sinks = open;
    if (choice.isFallback) {
      const next = 'pass --channel-arn, --log-group or --bucket, as your steps in CI do';
      return noted('sink', 'skipped', `none is set: markers go to ${FALLBACK_FILE} here`, next);
    }
    return passed('sink', open.map(({ name, title }) => `${TITLES[name]} ${title}`).join('; '));
  });
  return { check, sinks };
}

const TITLES = { lake: 'CloudTrail Lake', logs: 'CloudWatch Logs', s3: 'S3', file: 'the file' } as const;

/** A file that cannot be made fails at the end of a deploy otherwise. */
function checkFile(title: string, { context: { io } }: DoctorScene): void {
  const path = resolve(io.cwd, title);
  if (!isFolder(path) && isFolder(dirname(path))) return;
  const why = isFolder(path) ? 'is a folder' : 'lies in no folder that exists';
  throw new DeployMarkerError('FILE_UNWRITABLE', `the file ${quote(title)} ${why}`);
}

/** At once: node:fs/promises takes longer to load than this check. What cannot be looked at is none. */
function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** As `emit` chooses; undefined where it would refuse for want of one. */
function chooseOrNone({ emit, facts }: DoctorScene): SinkChoice | undefined {
  const isCi = facts.system !== undefined;
  return isCi && !isAnySinkSet(emit) ? undefined : chooseSinks(emit, isCi);
}

/** The check of the channel's ARN: its form, its Region, its account. */
export function checkChannel({ emit: { values }, assume }: DoctorScene): Promise<DoctorCheck> {
  return diagnose('channel', async () => {
    const text = values['channel-arn'];
    if (text === undefined) {
      return noted('channel', 'skipped', 'no channel is set', 'pass --channel-arn if markers go to Lake');
    }
    const channel = parseChannelArn(text);
    const { region, account } = channel;
    if (!takesAuditEvents(region)) {
      return noted(
        'channel',
        'warn',
        `CloudTrail Lake takes no events of one's own in ${region}, as far as is documented`,
        'make the channel in another Region, or use a log group',
      );
    }
    const mismatch = accountMismatch(channel, assume['role-arn'], values['sink-role-arn']);
    return mismatch ?? passed('channel', `account ${account}, ${region}`);
  });
}

/** A channel takes nothing from other accounts unless its resource policy says so. */
function accountMismatch(
  { account }: Arn,
  roleArn: string | undefined,
  sinkRoleArn: string | undefined,
): DoctorCheck | undefined {
  const writer = sinkRoleArn ?? roleArn;
  if (writer === undefined) return undefined;
  const from = parseRoleArn(writer).account;
  if (from === account) return undefined;
  return noted(
    'channel',
    'warn',
    `it is in account ${account}, and ${writer} in ${from}`,
    'name a role in its account with --sink-role-arn, or let its resource policy allow the other account',
  );
}

/** The check of whether a marker made here would pass, all the way to the request; nothing is sent. */
export function checkMarker(
  scene: DoctorScene,
  sinks: readonly MarkerSink[] | undefined,
): Promise<DoctorCheck> {
  return diagnose('marker', async () => {
    const { emit, facts } = scene;
    const { values } = emit;
    if (values.env === undefined || (values['git-sha'] ?? facts.sha) === undefined) {
      const what = values.env === undefined ? 'the environment is' : 'the commit is';
      const flag = values.env === undefined ? '--env' : '--git-sha';
      return noted('marker', 'skipped', `${what} not set`, `pass ${flag} as your steps do`);
    }
    if (sinks === undefined) {
      return noted(
        'marker',
        'skipped',
        'there is no sink to make it for',
        'do what is said of the sink, or of the channel',
      );
    }
    const markers = markerContextOf({ values, sources: scene.sources }, facts, scene.context.io, sinks);
    if (values.component.length === 0) {
      await makeSample(withoutIdentity(markers));
      return passed('marker', `it passes, with ${SAMPLE_COMPONENT} as an example`);
    }
    const [marker] = await makeMarkers(values.component, markers);
    return passed('marker', 'it passes', marker === undefined ? [] : [`deploy_id ${marker.deploy_id}`]);
  });
}

/** Nobody looks for an example: another identity stands for its own, which takes longer to make than all else of it. */
function withoutIdentity(markers: MarkerContext): MarkerContext {
  return { ...markers, shared: { uid: UID_NAMESPACE, deploy_id: UID_NAMESPACE, ...markers.shared } };
}

/** By itself, which takes less; why it does not pass is told on the way that emit goes. */
async function makeSample(markers: MarkerContext): Promise<void> {
  const marker = makeMarker(SAMPLE_COMPONENT, markers);
  if (marker === undefined) await makeMarkers([SAMPLE_COMPONENT], markers);
  else for (const sink of markers.sinks) await sink.preview([marker]);
}

async function makeMarkers(
  components: readonly string[],
  markers: MarkerContext,
): Promise<readonly Marker[]> {
  const source = createFlagSource(components);
  const checked = await checkRecords(source, markers, false);
  if (checked.bad !== undefined) throw checked.bad;
  const made: Marker[] = [];
  for await (const block of readMarkers(source, markers, checked))
    for (const marker of block) made.push(marker);
  for (const sink of markers.sinks) await sink.preview(made);
  return made;
}
