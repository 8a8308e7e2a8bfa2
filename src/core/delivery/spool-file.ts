import { parseChannelArn } from '../base/arn.ts';
import { describeS3Folder, parseS3Folder } from '../base/s3-address.ts';
import { completeMarker } from '../marker/create.ts';
import type { Marker } from '../marker/marker.ts';
import { parseMarkerInput } from '../marker/schema.ts';
import type { FailedMarker } from './delivery.ts';

/** Sinks whose markers are worth keeping until they are confirmed; a file is on this machine as it is. */
const SPOOLED_SINKS = ['lake', 'logs', 's3'] as const;

/** Where a batch was meant to go: the sink's name, and its title, such as a channel's ARN. */
export interface Destination {
  readonly sink: (typeof SPOOLED_SINKS)[number];
  readonly target: string;
}

/** What a file of the spool holds. */
export interface SpoolFile extends Destination {
  readonly markers: readonly Marker[];
  /** Why the service refused the markers, in files that were set aside. */
  readonly refusals?: readonly FailedMarker[];
}

/** What a file of the spool was found to hold. */
export interface ParsedSpoolFile extends SpoolFile {
  /** Records that are no markers, as they stand there. */
  readonly broken: readonly unknown[];
}

/** The text of a file, JSON on one line. */
export function toSpoolText(file: SpoolFile): string {
  return `${JSON.stringify({ version: 1, ...file })}\n`;
}

/**
 * Reads a file's text back; markers keep their UIDs and times. A string says what is wrong with the whole; markers that do not
 * hold are no reason to keep the others back.
 */
export function parseSpoolText(text: string): ParsedSpoolFile | string {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    return 'it is not JSON';
  }
  if (!isObject(file)) return 'it is not an object';
  const { version, sink: name, target, markers } = file;
  if (version !== 1) return 'its version is not 1';
  const sink = SPOOLED_SINKS.find(known => known === name);
  if (sink === undefined) return 'its sink is unknown';
  if (typeof target !== 'string' || target === '') return 'it has no target';
  if (!isTarget(sink, target)) return `its target is no place for ${sink}`;
  if (!Array.isArray(markers) || markers.length === 0) return 'it has no markers';
  const parsed: Marker[] = [];
  const broken: unknown[] = [];
  for (const record of markers) {
    const marker = toMarker(record);
    if (marker === undefined) broken.push(record);
    else parsed.push(marker);
  }
  return parsed.length > 0 ? { sink, target, markers: parsed, broken } : 'none of its markers holds';
}

/** The text of a file that was set aside with records that are no markers. */
export function toBrokenText({ sink, target, broken }: ParsedSpoolFile): string {
  return `${JSON.stringify({ version: 1, sink, target, markers: broken })}\n`;
}

/** Whether the sink can be opened with it; a file with which it cannot must not keep the others from being delivered. */
function isTarget(sink: Destination['sink'], target: string): boolean {
  if (sink === 'logs') return /^[a-z0-9-]+:[\w./#-]{1,512}(:[^:*]{1,512})?$/.test(target);
  try {
    if (sink === 's3') return describeS3Folder(parseS3Folder(target, 'target')) === target;
    parseChannelArn(target);
    return true;
  } catch {
    return false;
  }
}

function toMarker(record: unknown): Marker | undefined {
  const { value } = parseMarkerInput(record, undefined, true);
  // A marker without identity or time of recording would get new ones here, and so become another.
  if (value?.uid === undefined || value.deploy_id === undefined || value.recorded_at === undefined)
    return undefined;
  return completeMarker(value, { recordedAt: value.recorded_at });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
