import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { withoutUndefined } from '../../core/base/without-undefined.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { readPages } from '../answers/pages.ts';
import { DESCRIBE_LOG_GROUPS } from '../answers/shapes.ts';
import { askService, type ServiceOptions } from '../client/service-client.ts';

/** Which log group is looked at, and how it is reached. */
export interface LogGroupStatusOptions extends ServiceOptions {
  /** Its whole name. */
  readonly logGroup: string;
}

/** A group of CloudWatch Logs. */
export interface LogGroupStatus {
  /** Without `:*` at its end. */
  readonly arn: string;
  /** Undefined where its events never expire. */
  readonly retentionDays: number | undefined;
  readonly deletionProtected: boolean;
  /** ARN of the key it is encrypted with, where that is not CloudWatch's own. */
  readonly kmsKey?: string;
}

/**
 * Asks CloudWatch Logs for a group (DescribeLogGroups).
 *
 * @throws DeployMarkerError LOG_GROUP_NOT_FOUND, ACCESS_DENIED, and otherwise what `toAwsError` makes of a failure
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogGroups.html
 */
export function readLogGroupStatus(
  options: LogGroupStatusOptions,
  signal: AbortSignal | undefined,
): Promise<LogGroupStatus> {
  const { logGroup, region } = options;
  return askService(CloudWatchLogsClient, options, async ({ client, send }) => {
    const ask = async (nextToken: string | undefined) => {
      const command = new DescribeLogGroupsCommand({ logGroupNamePrefix: logGroup, nextToken });
      const page = await send({
        operation: 'DescribeLogGroups',
        signal,
        shape: DESCRIBE_LOG_GROUPS,
        send: settings => client.send(command, settings),
      });
      return { page, next: page.nextToken };
    };
    for await (const { page } of readPages('DescribeLogGroups', ask)) {
      const found = page.logGroups.find(({ logGroupName }) => logGroupName === logGroup);
      if (found !== undefined) {
        return {
          arn: found.arn.replace(/:\*$/, ''),
          retentionDays: found.retentionInDays,
          deletionProtected: found.deletionProtectionEnabled === true,
          ...withoutUndefined({ kmsKey: found.kmsKeyId }),
        };
      }
    }
    throw new DeployMarkerError('LOG_GROUP_NOT_FOUND', `there is no log group ${logGroup} in ${region}`);
  });
}
