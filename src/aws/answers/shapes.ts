import * as z from 'zod/mini';
import { count, filled, text, token } from './members.ts';

// What each operation's page in AWS's API reference promises, as far as it is used here. Where a member is documented as optional
// and AWS always gives it, it is asked for if an answer without it says nothing.

/** https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html */
export const LOOKUP_EVENTS = z.object({
  Events: z.array(z.object({ CloudTrailEvent: filled, EventTime: z.optional(z.date()) })),
  NextToken: token,
});

/** https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_StartQuery.html */
export const START_QUERY = z.object({ QueryId: filled });

/** What has finished has not failed. */
const FINISHED_WITH_ERROR = 'it is FINISHED, and has an ErrorMessage';

/** https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DescribeQuery.html */
export const DESCRIBE_QUERY = z
  .object({
    QueryStatus: filled,
    ErrorMessage: z.optional(text),
    QueryStatistics: z.optional(
      z.object({
        BytesScanned: z.optional(z.number()),
        EventsScanned: z.optional(z.number()),
        EventsMatched: z.optional(z.number()),
        ExecutionTimeInMillis: z.optional(z.number()),
      }),
    ),
  })
  .check(
    z.refine(
      ({ QueryStatus: status, ErrorMessage: error = '' }) => status !== 'FINISHED' || error === '',
      FINISHED_WITH_ERROR,
    ),
  );
/** How far a query has come. */
export type QueryState = z.infer<typeof DESCRIBE_QUERY>;

/** https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetQueryResults.html: what has not finished has not all of its rows. */
export const GET_QUERY_RESULTS = z.object({
  QueryStatus: z.literal('FINISHED'),
  ErrorMessage: z.optional(z.literal('', FINISHED_WITH_ERROR)),
  // A column that is NULL has no text.
  QueryResultRows: z.array(z.array(z.record(z.string(), z.nullish(text)))),
  QueryStatistics: z.optional(
    z.object({ ResultsCount: z.optional(count), TotalResultsCount: z.optional(count) }),
  ),
  NextToken: token,
});

/** https://docs.aws.amazon.com/athena/latest/APIReference/API_StartQueryExecution.html */
export const START_QUERY_EXECUTION = z.object({ QueryExecutionId: filled });

/** https://docs.aws.amazon.com/athena/latest/APIReference/API_GetQueryExecution.html */
export const GET_QUERY_EXECUTION = z.object({
  QueryExecution: z.object({
    Status: z.object({
      State: filled,
      StateChangeReason: z.optional(text),
      AthenaError: z.optional(
        z.object({ Retryable: z.optional(z.boolean()), ErrorMessage: z.optional(text) }),
      ),
    }),
    Statistics: z.optional(
      z.object({
        DataScannedInBytes: z.optional(z.number()),
        TotalExecutionTimeInMillis: z.optional(z.number()),
      }),
    ),
  }),
});
/** How far a query of Athena's has come. */
export type AthenaExecution = z.infer<typeof GET_QUERY_EXECUTION>['QueryExecution'];

/** https://docs.aws.amazon.com/athena/latest/APIReference/API_GetQueryResults.html: a cell that is NULL has no text. */
export const GET_ATHENA_RESULTS = z.object({
  ResultSet: z.object({
    Rows: z.array(z.object({ Data: z.array(z.object({ VarCharValue: z.nullish(text) })) })),
    ResultSetMetadata: z.object({ ColumnInfo: z.array(z.object({ Name: filled })).check(z.minLength(1)) }),
  }),
  NextToken: token,
});
/** A page of a result of Athena's. */
export type AthenaResults = z.infer<typeof GET_ATHENA_RESULTS>;

const athenaColumns = z.optional(z.array(z.object({ Name: filled, Type: z.optional(text) })));

/** https://docs.aws.amazon.com/athena/latest/APIReference/API_GetTableMetadata.html: a table without columns tells nothing. */
export const GET_TABLE_METADATA = z.object({
  TableMetadata: z.object({
    Name: filled,
    Columns: z.array(z.object({ Name: filled, Type: z.optional(text) })),
    PartitionKeys: athenaColumns,
    Parameters: z.optional(z.record(z.string(), text)),
  }),
});

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html: pages before the last one may be empty. */
export const FILTER_LOG_EVENTS = z.object({
  events: z.array(
    z.object({
      message: text,
      eventId: z.optional(text),
      timestamp: z.optional(z.number()),
      ingestionTime: z.optional(z.number()),
    }),
  ),
  nextToken: token,
});
export type FilteredEvent = z.infer<typeof FILTER_LOG_EVENTS>['events'][number];

/**
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html: each member is optional, and one that
 * says nothing at all is no answer. CloudWatch Logs gives the token, which nobody needs any more, for all that it takes.
 */
export const PUT_LOG_EVENTS = z
  .object({
    nextSequenceToken: token,
    rejectedLogEventsInfo: z.optional(
      z.object({
        tooOldLogEventEndIndex: z.optional(count),
        expiredLogEventEndIndex: z.optional(count),
        tooNewLogEventStartIndex: z.optional(count),
      }),
    ),
  })
  .check(
    z.refine(
      answer => answer.nextSequenceToken !== undefined || answer.rejectedLogEventsInfo !== undefined,
      'it has none of the members of such an answer',
    ),
  );
/** Which events of a batch were dropped. */
export type RejectedEvents = NonNullable<z.infer<typeof PUT_LOG_EVENTS>['rejectedLogEventsInfo']>;

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogStream.html: an empty body, and nothing rests on it. */
export const CREATE_LOG_STREAM = z.object({});

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogGroups.html */
export const DESCRIBE_LOG_GROUPS = z.object({
  logGroups: z.array(
    z.object({
      logGroupName: filled,
      arn: filled,
      retentionInDays: z.optional(z.number()),
      deletionProtectionEnabled: z.optional(z.boolean()),
      kmsKeyId: z.optional(text),
    }),
  ),
  nextToken: token,
});

/** https://docs.aws.amazon.com/awscloudtraildata/latest/APIReference/API_PutAuditEvents.html: both lists are required. */
export const PUT_AUDIT_EVENTS = z.object({
  successful: z.array(z.object({ id: filled, eventID: filled })),
  // A refusal is one even without its reason.
  failed: z.array(z.object({ id: filled, errorCode: z.optional(text), errorMessage: z.optional(text) })),
});
/** What became of the events of one request. */
export type PutAnswer = z.infer<typeof PUT_AUDIT_EVENTS>;

/** https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetChannel.html */
export const GET_CHANNEL = z.object({
  Source: filled,
  Destinations: z.array(z.object({ Type: filled, Location: filled })),
  IngestionStatus: z.optional(
    z.object({
      LatestIngestionSuccessTime: z.optional(z.date()),
      LatestIngestionAttemptTime: z.optional(z.date()),
      LatestIngestionErrorCode: z.optional(text),
    }),
  ),
});
/** How the last events of a channel fared. */
export type ChannelHealth = NonNullable<z.infer<typeof GET_CHANNEL>['IngestionStatus']>;

/** https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetEventDataStore.html */
export const GET_EVENT_DATA_STORE = z.object({
  EventDataStoreArn: filled,
  Status: filled,
  Name: z.optional(text),
  RetentionPeriod: z.optional(z.number()),
  MultiRegionEnabled: z.optional(z.boolean()),
  TerminationProtectionEnabled: z.optional(z.boolean()),
});

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStackResources.html */
export const LIST_STACK_RESOURCES = z.object({
  StackResourceSummaries: z.array(
    z.object({ ResourceType: filled, ResourceStatus: filled, PhysicalResourceId: z.optional(text) }),
  ),
  NextToken: token,
});
/** A resource of a stack. */
export type StackResource = z.infer<typeof LIST_STACK_RESOURCES>['StackResourceSummaries'][number];

/** https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
export const PUBLISH = z.object({ MessageId: filled });

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html */
export const GET_ROLE = z.object({
  Role: z.object({
    Arn: filled,
    AssumeRolePolicyDocument: filled,
    MaxSessionDuration: z.optional(z.number()),
  }),
});

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
export const GET_CALLER_IDENTITY = z.object({
  Account: z.string().check(z.regex(/^\d{12}$/)),
  Arn: filled,
  UserId: z.optional(text),
});

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export const ASSUME_ROLE = z.object({
  Credentials: z.object({
    AccessKeyId: filled,
    SecretAccessKey: filled,
    SessionToken: filled,
    Expiration: z.date(),
  }),
});
/** Whatever STS gives with credentials. */
export type StsAnswer = z.infer<typeof ASSUME_ROLE>;

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html */
export const ASSUME_ROLE_WITH_WEB_IDENTITY = z.object({
  ...ASSUME_ROLE.shape,
  AssumedRoleUser: z.object({ Arn: filled }),
  SubjectFromWebIdentityToken: z.optional(text),
  Audience: z.optional(text),
});
/** Credentials, and whose they are. */
export type WebIdentityAnswer = z.infer<typeof ASSUME_ROLE_WITH_WEB_IDENTITY>;
