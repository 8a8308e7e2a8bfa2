import { CopyObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { judgeRefusal, notAsked, refusalOf } from '../answer.mjs';

/** The key of a marker that `emit` stored; undefined if there is none. */
async function markerKey({ aws, names }) {
  const { Contents = [] } = await aws.s3.send(
    new ListObjectsV2Command({ Bucket: names.bucket, Prefix: 'markers/' }),
  );
  return Contents[0]?.Key;
}

const refuses = (about, documented, pattern, toCommand) => ({
  about,
  documented,
  needs: ['markers-bucket'],
  async ask(scene) {
    const key = await markerKey(scene);
    if (key === undefined) return notAsked('no marker is in the bucket');
    const refusal = await refusalOf(scene.aws.s3.send(toCommand(scene.names.bucket, key)));
    return judgeRefusal(refusal, pattern, 'it was stored');
  },
});

/** What keeps a marker in its bucket from being replaced. What is stored all the same goes with the bucket. */
export const S3_QUESTIONS = [
  refuses(
    'a second PutObject with `If-None-Match: *`',
    '412 PreconditionFailed',
    /PreconditionFailed/,
    (Bucket, Key) => new PutObjectCommand({ Bucket, Key, Body: 'other', IfNoneMatch: '*' }),
  ),
  refuses(
    'PutObject without the header, under the policy of the template (`s3:if-none-match`)',
    'AccessDenied',
    /AccessDenied/,
    Bucket => new PutObjectCommand({ Bucket, Key: 'probe/put', Body: 'other' }),
  ),
  refuses(
    'CopyObject into that bucket',
    'AccessDenied: a copy has no such header (the template says so; no page does)',
    /AccessDenied/,
    (Bucket, Key) => new CopyObjectCommand({ Bucket, Key: 'probe/copy', CopySource: `${Bucket}/${Key}` }),
  ),
];
