import { denied, type ErrorMeaning, type ErrorRow, toTable } from './error-table.ts';

/** S3 was asked in a Region that the bucket is not in, and did not say in which one it is, or said so twice. */
const ELSEWHERE: ErrorRow = [
  ['PermanentRedirect', 'TemporaryRedirect', 'AuthorizationHeaderMalformed'],
  { code: 'UNEXPECTED_RESPONSE', hint: 'set --region to the Region of the bucket' },
];

/** Errors of S3, by the call that met them. */
export const S3_ERRORS: Readonly<
  Record<'GetObject' | 'PutObject' | 'ListObjectsV2', ReadonlyMap<string, ErrorMeaning>>
> = {
  // https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
  GetObject: toTable([
    [['NoSuchBucket'], { code: 'BUCKET_NOT_FOUND' }],
    ELSEWHERE,
    [
      ['AccessDenied'],
      {
        code: 'ACCESS_DENIED',
        because: 'without s3:ListBucket S3 says the same of an object that is not there',
        hint: 'allow s3:GetObject on the object and s3:ListBucket on its bucket',
      },
    ],
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-reads.html
    [
      ['PreconditionFailed', 'NoSuchKey'],
      {
        code: 'INPUT_UNREADABLE',
        because: 'it was replaced or deleted while the bucket was read',
        hint: 'run the same command again',
      },
    ],
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/restoring-objects.html
    [
      ['InvalidObjectState'],
      {
        code: 'INPUT_UNREADABLE',
        because: 'it lies in an archive (Glacier), from which it has to be restored first',
        hint: 'restore it with `aws s3api restore-object`, or ask for a time that is not archived',
      },
    ],
  ]),
  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
  ListObjectsV2: toTable([
    [['NoSuchBucket'], { code: 'BUCKET_NOT_FOUND' }],
    ELSEWHERE,
    denied('s3:ListBucket on the bucket, by its own policy too if it is of another account'),
  ]),
  PutObject: toTable([
    [['NoSuchBucket'], { code: 'BUCKET_NOT_FOUND' }],
    ELSEWHERE,
    [['AccessDenied'], { code: 'ACCESS_DENIED', hint: 'allow s3:PutObject on the object' }],
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
    [['PreconditionFailed', 'ConditionalRequestConflict', 'NoSuchKey'], { code: 'STATE_CONFLICT' }],
  ]),
};
