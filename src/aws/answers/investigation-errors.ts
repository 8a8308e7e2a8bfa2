import { denied, type ErrorMeaning, toTable } from './error-table.ts';

/** What is asked of AWS Config, and of CloudFormation about drift. */
export type InvestigationOperation =
  | 'GetResourceConfigHistory'
  | 'ListDiscoveredResources'
  | 'DescribeConfigurationRecorders'
  | 'DescribeConfigurationRecorderStatus'
  | 'DescribeStackResources'
  | 'DescribeStackResourceDrifts'
  | 'DetectStackDrift'
  | 'DescribeStackDriftDetectionStatus';

/** Errors of these calls. What says that there is nothing is read where the call is made. */
export const INVESTIGATION_ERRORS: Readonly<
  Record<InvestigationOperation, ReadonlyMap<string, ErrorMeaning>>
> = {
  // https://docs.aws.amazon.com/config/latest/APIReference/API_GetResourceConfigHistory.html
  GetResourceConfigHistory: toTable([denied('config:GetResourceConfigHistory')]),
  // https://docs.aws.amazon.com/config/latest/APIReference/API_ListDiscoveredResources.html
  ListDiscoveredResources: toTable([denied('config:ListDiscoveredResources')]),
  // https://docs.aws.amazon.com/config/latest/APIReference/API_DescribeConfigurationRecorders.html
  DescribeConfigurationRecorders: toTable([denied('config:DescribeConfigurationRecorders')]),
  // https://docs.aws.amazon.com/config/latest/APIReference/API_DescribeConfigurationRecorderStatus.html
  DescribeConfigurationRecorderStatus: toTable([denied('config:DescribeConfigurationRecorderStatus')]),
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackResources.html
  DescribeStackResources: toTable([denied('cloudformation:DescribeStackResources on the stack')]),
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackResourceDrifts.html
  DescribeStackResourceDrifts: toTable([denied('cloudformation:DescribeStackResourceDrifts on the stack')]),
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html (permissions)
  DetectStackDrift: toTable([
    denied(
      'cloudformation:DetectStackDrift, DetectStackResourceDrift and BatchDescribeTypeConfigurations, and to read the resource itself',
    ),
  ]),
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackDriftDetectionStatus.html
  DescribeStackDriftDetectionStatus: toTable([denied('cloudformation:DescribeStackDriftDetectionStatus')]),
};
