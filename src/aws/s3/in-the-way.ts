import { describeProblems } from '../../core/base/problem.ts';
import type { MarkerObject } from '../../core/delivery/marker-object.ts';
import { saysTheSame } from '../../core/marker/fold.ts';
import type { Marker } from '../../core/marker/marker.ts';
import { parseStoredMarker } from '../../core/marker/stored.ts';
import { DeployMarkerError, isDeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { openS3 } from './client.ts';
import { readObject } from './object.ts';
import type { S3SinkOptions } from './sink-options.ts';

/** What lies under the key of a marker: the same marker, nothing any more, or something else. */
export type InTheWay = 'same' | 'gone' | { readonly why: string };

/** Reads what kept an object from being made. */
export type InTheWayReader = (
  wanted: { readonly object: MarkerObject; readonly marker: Marker },
  signal: AbortSignal | undefined,
) => Promise<InTheWay>;

/** Opens the bucket for reading; nothing is sent before the first object. */
export function openInTheWay(options: S3SinkOptions): InTheWayReader {
  const service = openS3(options);
  const { bucket } = options.folder;
  return async ({ object: { key }, marker }, signal) => {
    const found = await readObject({ bucket, key }, { service, signal }).catch((error: unknown) => {
      throw isDeployMarkerError(error) ? unread(key, error) : error;
    });
    if (found === undefined) return 'gone';
    const { value, problem } = parseMarkerText(found.body);
    if (value === undefined) return { why: `what lies at ${key} is no marker: ${problem}` };
    return saysTheSame(value, marker) ? 'same' : { why: `another marker lies at ${key}` };
  };
}

/** A marker out of the bytes of its object. */
export function parseMarkerText(body: Uint8Array): { readonly value?: Marker; readonly problem: string } {
  let record: unknown;
  try {
    record = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return { problem: 'it is not JSON in UTF-8' };
  }
  const { value, problems } = parseStoredMarker(record);
  return value === undefined ? { problem: describeProblems(problems) } : { value, problem: '' };
}

/** Whether the marker is stored is not known then, which must be said. */
function unread(key: string, { code, message, hint, cause }: DeployMarkerError): DeployMarkerError {
  return new DeployMarkerError(code, `${key} is there already and cannot be compared: ${message}`, {
    hint,
    cause,
  });
}
