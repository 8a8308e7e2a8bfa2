import * as z from 'zod/mini';

const text = z.string();
const filled = z.string().check(z.minLength(1));

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackResources.html */
export const DESCRIBE_STACK_RESOURCES = z.object({
  StackResources: z.array(
    z.object({
      StackName: filled,
      StackId: filled,
      LogicalResourceId: filled,
      PhysicalResourceId: z.optional(text),
      ResourceType: filled,
      DriftInformation: z.optional(
        z.object({ StackResourceDriftStatus: filled, LastCheckTimestamp: z.optional(z.date()) }),
      ),
    }),
  ),
});
/** A resource of a stack with its last known drift. */
export type RawResource = z.infer<typeof DESCRIBE_STACK_RESOURCES>['StackResources'][number];

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackResourceDrifts.html */
export const DESCRIBE_STACK_RESOURCE_DRIFTS = z.object({
  StackResourceDrifts: z.array(
    z.object({
      LogicalResourceId: filled,
      PhysicalResourceId: z.optional(text),
      ResourceType: filled,
      StackResourceDriftStatus: filled,
      DriftStatusReason: z.optional(text),
      PropertyDifferences: z.nullish(
        z.array(
          z.object({ PropertyPath: filled, ExpectedValue: z.optional(text), ActualValue: z.optional(text) }),
        ),
      ),
      Timestamp: z.optional(z.date()),
    }),
  ),
  NextToken: z.optional(filled),
});
/** A resource that was looked at. */
export type RawDrift = z.infer<typeof DESCRIBE_STACK_RESOURCE_DRIFTS>['StackResourceDrifts'][number];

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DetectStackDrift.html */
export const DETECT_STACK_DRIFT = z.object({ StackDriftDetectionId: filled });

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackDriftDetectionStatus.html */
export const DESCRIBE_STACK_DRIFT_DETECTION_STATUS = z.object({
  DetectionStatus: z.enum(['DETECTION_IN_PROGRESS', 'DETECTION_FAILED', 'DETECTION_COMPLETE']),
  DetectionStatusReason: z.optional(text),
  StackDriftStatus: z.optional(text),
});
