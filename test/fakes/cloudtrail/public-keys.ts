import { createJsonResponse, readJsonInput } from '../aws-json-input.ts';
import { type Operation, placeOf } from '../operation.ts';
import { CLOUDTRAIL, cloudTrailRefusal, readSeconds } from './cloudtrail-input.ts';

/** A key that digests were signed with. */
export interface PublicKey {
  /** 32 hex digits. */
  readonly fingerprint: string;
  /** PKCS #1 in DER. */
  readonly value: Buffer;
  /** When it was in use, in milliseconds since 1970. */
  readonly from: number;
  readonly until: number;
}

/**
 * ListPublicKeys: the keys of the caller's region that were in use at any time of a range.
 *
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_ListPublicKeys.html
 */
export const LIST_PUBLIC_KEYS: Operation = {
  ...CLOUDTRAIL,
  name: 'ListPublicKeys',
  prepare(state, call) {
    const input = readJsonInput(call, ['StartTime', 'EndTime', 'NextToken']);
    const from = readSeconds(input, 'StartTime') ?? 0;
    const until = readSeconds(input, 'EndTime') ?? state.now();
    return () => {
      if (from > until) throw cloudTrailRefusal('InvalidTimeRangeException', 'The start is after the end.');
      const [, region = ''] = placeOf(call).split('/');
      const keys = (state.publicKeys.get(region) ?? []).filter(key => key.from <= until && key.until >= from);
      return createJsonResponse({
        PublicKeyList: keys.map(key => ({
          Fingerprint: key.fingerprint,
          Value: key.value.toString('base64'),
          ValidityStartTime: key.from / 1000,
          ValidityEndTime: key.until / 1000,
        })),
      });
    };
  },
};
