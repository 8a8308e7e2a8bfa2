import { ATHENA_ERRORS, type AthenaOperation } from './athena-errors.ts';
import { denied, type ErrorMeaning, type ErrorRow, toTable } from './error-table.ts';
import { INVESTIGATION_ERRORS, type InvestigationOperation } from './investigation-errors.ts';
import { S3_ERRORS } from './s3-errors.ts';

/** The calls whose errors are told apart. */
export type OperationName =
  | 'PutAuditEvents'
  | 'PutLogEvents'
  | 'CreateLogStream'
  | 'StartQuery'
  | 'DescribeQuery'
  | 'GetQueryResults'
  | 'CancelQuery'
  | 'LookupEvents'
  | 'FilterLogEvents'
  | AthenaOperation
  | 'ListStackResources'
  | 'Publish'
  | 'GetObject'
  | 'PutObject'
  | 'ListObjectsV2'
  | 'ListPublicKeys'
  | 'GetChannel'
  | 'GetEventDataStore'
  | 'DescribeLogGroups'
  | 'GetRole'
  | 'GetCallerIdentity'
  | 'AssumeRole'
  | 'AssumeRoleWithWebIdentity'
  | InvestigationOperation;

const NO_NEW_CUSTOMERS =
  'CloudTrail Lake takes no new customers since 2026-05-31, and is not in every Region';
const NO_CHANNEL: ErrorMeaning = { code: 'CHANNEL_NOT_FOUND' };
const BAD_CHANNEL: ErrorMeaning = {
  code: 'ARN_INVALID',
  hint: 'copy the channel ARN from `aws cloudtrail list-channels`',
};
const CLOSED_FOR_MARKERS: ErrorMeaning = {
  code: 'CHANNEL_CLOSED',
  because: NO_NEW_CUSTOMERS,
};
/** Names that CloudTrail has for an account or a Region without Lake. */
const CLOSED = [
  'UnsupportedOperationException',
  'OperationNotPermittedException',
  'OptInRequired',
  'SubscriptionRequiredException',
];
const STORE_ROWS: readonly ErrorRow[] = [
  [
    [
      'EventDataStoreNotFoundException',
      'InactiveEventDataStoreException',
      'EventDataStoreARNInvalidException',
    ],
    { code: 'STORE_NOT_FOUND' },
  ],
  [
    CLOSED,
    {
      code: 'STORE_NOT_FOUND',
      because: NO_NEW_CUSTOMERS,
      hint: 'read changes with --changes event-history in this account',
    },
  ],
];

/** Errors that are told by the call that met them. */
export const OPERATION_ERRORS: Readonly<Record<OperationName, ReadonlyMap<string, ErrorMeaning>>> = {
  // https://docs.aws.amazon.com/awscloudtraildata/latest/APIReference/API_PutAuditEvents.html
  PutAuditEvents: toTable([
    [['ChannelNotFound'], NO_CHANNEL],
    [['InvalidChannelARN'], BAD_CHANNEL],
    [
      ['ChannelInsufficientPermission'],
      {
        code: 'CHANNEL_CLOSED',
        because: "the channel takes events of its owner's account, or of whom its resource policy allows",
        hint: "use credentials of the channel's account, or extend the resource policy of the channel",
      },
    ],
    [['UnsupportedOperationException', 'OptInRequired', 'SubscriptionRequiredException'], CLOSED_FOR_MARKERS],
    [
      ['ChannelUnsupportedSchema'],
      {
        code: 'CHANNEL_CLOSED',
        because: 'the channel is not for events of one’s own',
        hint: 'use a channel whose source is Custom',
      },
    ],
    [['DuplicatedAuditEventId'], { code: 'INTERNAL' }],
    denied('cloudtrail-data:PutAuditEvents on the ARN of the channel'),
  ]),
  // https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
  PutLogEvents: toTable([denied('logs:PutLogEvents on the log group')]),
  // https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogStream.html
  CreateLogStream: toTable([
    [['ResourceNotFoundException'], { code: 'LOG_GROUP_NOT_FOUND' }],
    denied('logs:CreateLogStream on the log group'),
  ]),
  // https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_StartQuery.html
  StartQuery: toTable([
    ...STORE_ROWS,
    [
      ['InvalidQueryStatementException'],
      { code: 'QUERY_FAILED', hint: 'report this, with the statement that `deploy-marker query` prints' },
    ],
    [
      ['MaxConcurrentQueriesException'],
      {
        code: 'AWS_THROTTLED',
        because: 'an account runs ten queries at a time',
        hint: 'try again when other queries have ended',
      },
    ],
    denied('cloudtrail:StartQuery on the event data stores'),
  ]),
  DescribeQuery: toTable([denied('cloudtrail:DescribeQuery on the event data stores')]),
  GetQueryResults: toTable([denied('cloudtrail:GetQueryResults on the event data stores')]),
  CancelQuery: toTable([denied('cloudtrail:CancelQuery on the event data stores')]),
  // https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
  LookupEvents: toTable([denied('cloudtrail:LookupEvents')]),
  // https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_ListPublicKeys.html
  ListPublicKeys: toTable([denied('cloudtrail:ListPublicKeys')]),
  // https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
  FilterLogEvents: toTable([
    [
      ['ResourceNotFoundException'],
      { code: 'LOG_GROUP_NOT_FOUND', hint: 'check the name and the Region of the log group' },
    ],
    denied('logs:FilterLogEvents on the log group'),
  ]),
  ...ATHENA_ERRORS,
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStackResources.html
  ListStackResources: toTable([denied('cloudformation:ListStackResources on the stack')]),
  // https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
  Publish: toTable([
    [
      ['NotFound', 'NotFoundException'],
      { code: 'NOTICE_REFUSED', hint: 'check Region, account and name in the topic ARN' },
    ],
    [
      ['AuthorizationError', 'AuthorizationErrorException', 'AccessDenied'],
      { code: 'ACCESS_DENIED', hint: 'allow sns:Publish on the topic' },
    ],
    [
      ['KMSAccessDenied', 'KMSAccessDeniedException'],
      { code: 'ACCESS_DENIED', hint: "allow kms:GenerateDataKey* and kms:Decrypt on the topic's key" },
    ],
  ]),
  ...S3_ERRORS,
  // https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
  AssumeRole: toTable([
    [
      ['AccessDenied', 'AccessDeniedException'],
      {
        code: 'ACCESS_DENIED',
        hint: 'allow sts:AssumeRole on the role (--sink-role-arn, --account), and let that role trust the caller',
      },
    ],
  ]),
  // https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html; the SDK appends `Exception`
  // to the names that do not have it on the wire.
  AssumeRoleWithWebIdentity: toTable([
    [
      ['AccessDenied', 'AccessDeniedException'],
      {
        code: 'ASSUME_ROLE_DENIED',
        hint: "compare iss, aud and sub with the role's trust policy, and the session name with its conditions",
      },
    ],
    [
      [
        'InvalidIdentityToken',
        'InvalidIdentityTokenException',
        'IDPRejectedClaim',
        'IDPRejectedClaimException',
      ],
      {
        code: 'OIDC_TOKEN_REJECTED',
        hint: "check that IAM has an identity provider for the token's issuer and audience",
      },
    ],
    [
      ['ExpiredToken', 'ExpiredTokenException'],
      {
        code: 'OIDC_TOKEN_EXPIRED',
        hint: 'get a new token from the CI system, or assume the role earlier in the job',
      },
    ],
    [
      ['IDPCommunicationError', 'IDPCommunicationErrorException'],
      { code: 'AWS_UNAVAILABLE', because: 'STS could not reach the identity provider' },
    ],
    [
      ['RegionDisabledException'],
      { code: 'AWS_REJECTED', hint: 'activate STS for the Region, or choose another with --region' },
    ],
  ]),
  // https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetChannel.html
  GetChannel: toTable([
    [['ChannelNotFoundException'], NO_CHANNEL],
    [['ChannelARNInvalidException'], BAD_CHANNEL],
    [CLOSED, CLOSED_FOR_MARKERS],
    denied('cloudtrail:GetChannel on the channel'),
  ]),
  // https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetEventDataStore.html
  GetEventDataStore: toTable([...STORE_ROWS, denied('cloudtrail:GetEventDataStore on the event data store')]),
  // https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogGroups.html
  DescribeLogGroups: toTable([denied('logs:DescribeLogGroups')]),
  // https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html
  GetRole: toTable([
    [['NoSuchEntity', 'NoSuchEntityException'], { code: 'ROLE_NOT_FOUND' }],
    denied('iam:GetRole on the role'),
  ]),
  // https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html: it needs no permission.
  GetCallerIdentity: toTable([]),
  ...INVESTIGATION_ERRORS,
};
