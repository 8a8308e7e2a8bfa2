import { type Fields, textOf } from '../../core/base/fields.ts';

/** What is found in place of a record of CloudTrail. */
export interface Foreign {
  /** Follows `it is`, for example `a marker`. */
  readonly what: string;
  /** One step, where more than copying the file again helps. */
  readonly hint?: string;
}

interface Kind extends Foreign {
  /** Any of these fields tells. */
  readonly fields: readonly string[];
}

const OF_QUERY = 'a row of a query, whose names and values are not those of the records';
const QUERY_HINT = 'name the store with --changes lake:ID, or the logs of the trail themselves';

// The first that fits counts.
const KINDS: readonly Kind[] = [
  {
    fields: ['deploy_id'],
    what: 'a marker',
    hint: 'it looks like a file of markers; pass it with --markers',
  },
  {
    fields: ['digestStartTime', 'digestS3Object', 'digestPublicKeyFingerprint'],
    what: 'a digest of the trail, which holds no records',
    hint: 'name the folder CloudTrail/ of the bucket, not CloudTrail-Digest/',
  },
  {
    fields: ['insightDetails'],
    what: 'an Insights event',
    hint: 'name the folder CloudTrail/ of the bucket, not CloudTrail-Insight/',
  },
  {
    fields: ['configurationItems', 'configurationItem', 'configSnapshotId'],
    what: 'of AWS Config',
    hint: 'name the folder CloudTrail/ of the bucket, not Config/',
  },
  {
    fields: ['detail-type'],
    what: 'an EventBridge event whose .detail is no record of CloudTrail',
    hint: 'keep the events that come "via CloudTrail"; the record is their .detail (jq .detail)',
  },
  {
    fields: ['CloudTrailEvent', 'EventId', 'EventName', 'EventSource', 'EventTime'],
    what: 'an entry of lookup-events without a CloudTrailEvent that can be read',
    hint: 'run lookup-events without --query, or keep CloudTrailEvent in it',
  },
  { fields: ['eventsource', 'eventname', 'event_source', 'event_name'], what: OF_QUERY, hint: QUERY_HINT },
  { fields: ['QueryResultRows', 'ResultSet', 'results'], what: OF_QUERY, hint: QUERY_HINT },
  {
    fields: ['eventId'],
    what: 'an aggregated event',
    hint: 'name the folder CloudTrail/ of the bucket, not CloudTrail-Aggregated/',
  },
  {
    fields: ['message', '@message', 'Message', 'Body', 'body', 'kinesis', 'data'],
    what: 'a message that holds no record of CloudTrail',
    hint: 'take the records out of it, one a line',
  },
];

/** What an object is that is no record of CloudTrail. */
export function describeForeign(value: Fields): Foreign {
  const source = textOf(value['eventSource']);
  if (source?.startsWith('aws:')) {
    return { what: `an event of ${source.slice(0, 40)}, not of CloudTrail` };
  }
  const kind = KINDS.find(({ fields }) => fields.some(field => field in value));
  return kind ?? { what: 'not one of CloudTrail' };
}
