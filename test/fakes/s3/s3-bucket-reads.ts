import { createResponse, escapeXml, strictViolation } from '../aws-refusal.ts';
import type { HttpRequest } from '../http-message.ts';
import type { Operation } from '../operation.ts';
import { claimedRegion } from '../signed-region.ts';
import { checkHeaders, findBucket } from './s3-operations.ts';

// What `aws cloudtrail validate-logs` asks of a bucket beside its objects; deploy-marker asks neither.

const BUCKET_PATH = /^\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/?$/;
const XML = '<?xml version="1.0" encoding="UTF-8"?>';
const NAMESPACE = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';
const LIST_PARAMETERS = ['prefix', 'marker', 'max-keys', 'encoding-type'];
const MOST_KEYS = 1000;

/** The operation of a request for a bucket itself, if it is one of these. */
export function findBucketRead({ path, query }: HttpRequest): Operation | undefined {
  if (!BUCKET_PATH.test(path)) return undefined;
  if (query.some(([name]) => name === 'location')) return GET_BUCKET_LOCATION;
  return query.some(([name]) => name === 'list-type') ? undefined : LIST_OBJECTS_V1;
}

function bucketOf({ path }: HttpRequest): string {
  return BUCKET_PATH.exec(path)?.[1] ?? '';
}

/** GetBucketLocation: of us-east-1 nothing. */
const GET_BUCKET_LOCATION: Operation = {
  service: 's3',
  protocol: 'rest-xml',
  signed: true,
  // It is answered wherever it is asked.
  region: (state, request) => claimedRegion(request) ?? state.region,
  name: 'GetBucketLocation',
  prepare(state, call) {
    checkHeaders(call.request, []);
    return () => {
      const bucket = state.buckets.get(bucketOf(call.request));
      const region = bucket?.region ?? state.region;
      const text = region === 'us-east-1' ? '' : region;
      return createResponse(
        'rest-xml',
        200,
        `${XML}\n<LocationConstraint ${NAMESPACE}>${text}</LocationConstraint>`,
      );
    };
  },
};

/** ListObjects, the first form of it, without a delimiter. */
const LIST_OBJECTS_V1: Operation = {
  service: 's3',
  protocol: 'rest-xml',
  signed: true,
  region: (state, request) => claimedRegion(request) ?? state.region,
  name: 'ListObjects',
  prepare(state, call) {
    const { request } = call;
    checkHeaders(request, []);
    const query = new Map(request.query);
    const stranger = [...query.keys()].find(name => !LIST_PARAMETERS.includes(name));
    if (stranger !== undefined) throw strictViolation(`Unknown query parameter '${stranger}'.`);
    const prefix = query.get('prefix') ?? '';
    const marker = query.get('marker') ?? '';
    return () => {
      const { objects } = findBucket(state, call, bucketOf(request));
      const keys = [...objects.keys()].filter(key => key.startsWith(prefix) && key > marker).toSorted();
      const page = keys.slice(0, MOST_KEYS);
      const text = [
        XML,
        `<ListBucketResult ${NAMESPACE}><Name>${bucketOf(request)}</Name><Prefix>${escapeXml(prefix)}</Prefix>`,
        `<Marker>${escapeXml(marker)}</Marker><MaxKeys>${MOST_KEYS}</MaxKeys><IsTruncated>${keys.length > page.length}</IsTruncated>`,
        ...page.map(key => {
          const object = objects.get(key);
          const time = new Date(object?.modifiedAt ?? 0).toISOString();
          const size = object?.body.length ?? 0;
          return `<Contents><Key>${escapeXml(key)}</Key><LastModified>${time}</LastModified><ETag>${escapeXml(object?.etag ?? '')}</ETag><Size>${size}</Size><StorageClass>STANDARD</StorageClass></Contents>`;
        }),
        '</ListBucketResult>',
      ].join('\n');
      return createResponse('rest-xml', 200, text);
    };
  },
};
