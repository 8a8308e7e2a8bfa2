import { ListPublicKeysCommand } from '@aws-sdk/client-cloudtrail';
import { withoutUndefined } from '../../core/base/without-undefined.ts';
import type { TimeRange } from '../../core/time/range.ts';
import { readPages } from '../answers/pages.ts';
import { LIST_PUBLIC_KEYS } from '../answers/s3-shapes.ts';
import type { ServiceOptions } from '../client/service-client.ts';
import { openCloudTrail } from '../cloudtrail/client.ts';

/** Keys by their fingerprints, PKCS #1 in DER. */
export type PublicKeys = ReadonlyMap<string, Uint8Array>;

/**
 * The keys that CloudTrail signed digests with in one Region, at any time of a range. It fails with ACCESS_DENIED and the others of the
 * common table.
 */
export async function readPublicKeys(
  service: ServiceOptions,
  { from, until }: TimeRange,
  signal: AbortSignal,
): Promise<PublicKeys> {
  const { client, send } = openCloudTrail(service);
  const keys = new Map<string, Uint8Array>();
  const ask = async (token: string | undefined) => {
    const command = new ListPublicKeysCommand({
      StartTime: new Date(from),
      EndTime: new Date(until),
      ...withoutUndefined({ NextToken: token }),
    });
    const page = await send({
      operation: 'ListPublicKeys',
      signal,
      shape: LIST_PUBLIC_KEYS,
      send: options => client.send(command, options),
    });
    return { page, next: page.NextToken };
  };
  try {
    for await (const { page } of readPages('ListPublicKeys', ask)) {
      for (const { Fingerprint, Value } of page.PublicKeyList) keys.set(Fingerprint, Value);
    }
  } finally {
    client.destroy();
  }
  return keys;
}
