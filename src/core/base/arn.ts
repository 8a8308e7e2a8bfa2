import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { quote } from './quote.ts';
import { isRegion } from './region.ts';

/** The parts of an ARN. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
export interface Arn {
  readonly text: string;
  readonly partition: string;
  readonly service: string;
  /** Empty for services without Regions. */
  readonly region: string;
  /** Empty for resources without an account. */
  readonly account: string;
  readonly resource: string;
}

const ARN = /^arn:(aws[a-z-]*):([a-z0-9-]+):([a-z0-9-]*):(\d{12}|):([^\s]+)$/;

/** Reads any ARN; undefined if `text` is none. */
export function readArn(text: string): Arn | undefined {
  const match = ARN.exec(text);
  if (!match) return undefined;
  const [, partition = '', service = '', region = '', account = '', resource = ''] = match;
  return { text, partition, service, region, account, resource };
}

/**
 * Parses the ARN of an IAM role, paths included.
 * Source of the form and of its 20–2048 characters: API_AssumeRoleWithWebIdentity of the STS API Reference.
 *
 * @throws DeployMarkerError ARN_INVALID
 */
export function parseRoleArn(text: string): Arn {
  const arn = readArn(text);
  const isRole =
    arn?.service === 'iam' &&
    arn.account !== '' &&
    /^role\/(?:[\x21-\x7e]+\/)?[\w+=,.@-]{1,64}$/.test(arn.resource);
  if (arn && isRole && text.length <= 2048) return arn;
  const found = arn ? ` (it names ${arn.service} ${quote(arn.resource)})` : '';
  throw new DeployMarkerError('ARN_INVALID', `${quote(text)} is not the ARN of an IAM role${found}`, {
    hint: 'pass an ARN of the form arn:aws:iam::123456789012:role/deploy',
  });
}

/** The name in the ARN of a role, which IAM and the ARNs of its sessions know it by: without its path. */
export function roleNameOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

/**
 * Parses the ARN of a CloudTrail channel; its Region and account say where a marker goes.
 * Source of the form: https://docs.aws.amazon.com/awscloudtraildata/latest/APIReference/API_PutAuditEvents.html
 *
 * @throws DeployMarkerError ARN_INVALID
 */
export function parseChannelArn(text: string): Arn {
  const arn = readArn(text);
  const isChannel = arn?.service === 'cloudtrail' && /^channel\/[A-Za-z0-9._-]+$/.test(arn.resource);
  if (arn && isChannel && isRegion(arn.region) && arn.account !== '') return arn;
  const found = arn ? ` (it names ${arn.service} ${quote(arn.resource)})` : '';
  throw new DeployMarkerError(
    'ARN_INVALID',
    `${quote(text)} is not the ARN of a CloudTrail channel${found}`,
    {
      hint: 'pass the channel ARN, for example arn:aws:cloudtrail:eu-west-1:123456789012:channel/…',
    },
  );
}

/**
 * Parses the ARN of a standard SNS topic; its Region says where it is published to. FIFO topics, which want an order and
 * reach no people, do not count.
 * Source of the form: https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html
 *
 * @throws DeployMarkerError ARN_INVALID
 */
export function parseTopicArn(text: string): Arn {
  const arn = readArn(text);
  const isTopic = arn?.service === 'sns' && /^[A-Za-z0-9_-]{1,256}$/.test(arn.resource);
  if (arn && isTopic && isRegion(arn.region) && arn.account !== '') return arn;
  throw new DeployMarkerError('ARN_INVALID', `${quote(text)} is not the ARN of a standard SNS topic`, {
    hint: 'pass the topic ARN, for example arn:aws:sns:eu-west-1:123456789012:deploys',
  });
}
