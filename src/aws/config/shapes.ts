import * as z from 'zod/mini';

const text = z.string();
const filled = z.string().check(z.minLength(1));
const token = z.nullish(z.string());

/** https://docs.aws.amazon.com/config/latest/APIReference/API_GetResourceConfigHistory.html */
export const GET_RESOURCE_CONFIG_HISTORY = z.object({
  configurationItems: z.array(
    z.object({
      configurationItemCaptureTime: z.date(),
      configurationItemStatus: filled,
      configurationStateId: z.optional(text),
      accountId: z.optional(text),
      awsRegion: z.optional(text),
      arn: z.optional(text),
      configuration: z.nullish(text),
      supplementaryConfiguration: z.nullish(z.record(text, z.nullish(text))),
      tags: z.nullish(z.record(text, z.nullish(text))),
      relatedEvents: z.nullish(z.array(text)),
      recordingFrequency: z.optional(text),
    }),
  ),
  nextToken: token,
});
/** One item as Config gives it. */
export type RawItem = z.infer<typeof GET_RESOURCE_CONFIG_HISTORY>['configurationItems'][number];

/** https://docs.aws.amazon.com/config/latest/APIReference/API_ListDiscoveredResources.html */
export const LIST_DISCOVERED_RESOURCES = z.object({
  resourceIdentifiers: z.array(
    z.object({
      resourceId: filled,
      resourceName: z.optional(text),
      resourceDeletionTime: z.optional(z.date()),
    }),
  ),
  nextToken: token,
});

/** https://docs.aws.amazon.com/config/latest/APIReference/API_DescribeConfigurationRecorders.html */
export const DESCRIBE_CONFIGURATION_RECORDERS = z.object({
  ConfigurationRecorders: z.array(
    z.object({
      recordingGroup: z.optional(
        z.object({
          allSupported: z.optional(z.boolean()),
          includeGlobalResourceTypes: z.optional(z.boolean()),
          resourceTypes: z.nullish(z.array(text)),
          exclusionByResourceTypes: z.nullish(z.object({ resourceTypes: z.nullish(z.array(text)) })),
          recordingStrategy: z.nullish(z.object({ useOnly: z.optional(text) })),
        }),
      ),
      recordingMode: z.nullish(
        z.object({
          recordingFrequency: z.optional(text),
          recordingModeOverrides: z.nullish(
            z.array(z.object({ resourceTypes: z.array(text), recordingFrequency: text })),
          ),
        }),
      ),
    }),
  ),
});
/** A recorder as Config describes it. */
export type Recorder = z.infer<typeof DESCRIBE_CONFIGURATION_RECORDERS>['ConfigurationRecorders'][number];

/** https://docs.aws.amazon.com/config/latest/APIReference/API_DescribeConfigurationRecorderStatus.html */
export const DESCRIBE_CONFIGURATION_RECORDER_STATUS = z.object({
  ConfigurationRecordersStatus: z.array(z.object({ recording: z.optional(z.boolean()) })),
});
