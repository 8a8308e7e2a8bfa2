import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { parseRoleArn, roleNameOf } from '../../core/base/arn.ts';
import { withoutUndefined } from '../../core/base/without-undefined.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { GET_ROLE } from '../answers/shapes.ts';
import type { ConnectionOptions } from '../client/connection.ts';
import { askService } from '../client/service-client.ts';

/** Which role is looked at, and how IAM is reached. */
export interface RoleTrustOptions extends ConnectionOptions {
  /** Of a role in the account of the credentials: IAM shows no others. */
  readonly roleArn: string;
}

/** Who may assume a role, and for how long. */
export interface RoleTrust {
  readonly arn: string;
  /** The trust policy: JSON. */
  readonly policy: string;
  readonly maxSessionSeconds?: number;
}

/** The Region that IAM is asked in, by partition. Source: https://docs.aws.amazon.com/general/latest/gr/iam-service.html */
const REGIONS: Readonly<Record<string, string>> = {
  'aws-cn': 'cn-north-1',
  'aws-us-gov': 'us-gov-west-1',
  'aws-eusc': 'eusc-de-east-1',
};

/**
 * Asks IAM for the trust policy of a role (GetRole).
 *
 * @throws DeployMarkerError ARN_INVALID, ROLE_NOT_FOUND, ACCESS_DENIED, and otherwise what `toAwsError` makes of a failure
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html
 */
export async function readRoleTrust(
  options: RoleTrustOptions,
  signal: AbortSignal | undefined,
): Promise<RoleTrust> {
  const { partition, text } = parseRoleArn(options.roleArn);
  const region = REGIONS[partition] ?? 'us-east-1';
  const command = new GetRoleCommand({ RoleName: roleNameOf(text) });
  return askService(IAMClient, { ...options, region }, async ({ client, send }) => {
    const { Role: role } = await send({
      operation: 'GetRole',
      signal,
      shape: GET_ROLE,
      send: settings => client.send(command, settings),
    });
    return {
      arn: role.Arn,
      policy: decode(role.AssumeRolePolicyDocument),
      ...withoutUndefined({ maxSessionSeconds: role.MaxSessionDuration }),
    };
  });
}

/** IAM writes policies as a part of a URL. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw new DeployMarkerError('UNEXPECTED_RESPONSE', 'IAM gave a trust policy that cannot be decoded', {
      cause,
    });
  }
}
