import type { MarkerObject } from '../../core/delivery/marker-object.ts';
import { saysTheSame } from '../../core/marker/fold.ts';
import type { Marker } from '../../core/marker/marker.ts';
import { DeployMarkerError, isDeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { openS3 } from './client.ts';
import { parseMarkerText } from './marker-text.ts';
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

/** Whether the marker is stored is not known then, which must be said. */
function unread(key: string, { code, message, hint, cause }: DeployMarkerError): DeployMarkerError {
  return new DeployMarkerError(code, `${key} is there already and cannot be compared: ${message}`, {
    hint,
    cause,
  });
}
