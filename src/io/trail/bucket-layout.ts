import { basename, dirname } from 'node:path';

const ROOT = 'AWSLogs';
/** The folder of the logs of events, and what lies in it: people copy it without the folder itself. */
const LOGS = /^(?:cloudtrail|[a-z]{2}(?:-[a-z]+)+-\d|\d{4})$/i;
/** What AWS calls a log of events, wherever somebody has put it. */
const LOG_FILE = /^\d{12}_CloudTrail_[a-z]{2}-/;
const LOG_ENDING = /\.json(?:\.gz)?$/i;
const ORGANIZATION = /^o-[a-z0-9]+$/;
const ACCOUNT = /^\d{12}$/;
/** VPC flow logs in the form of Hive. Source: https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-path.html */
const HIVE_ACCOUNT = /^aws-account-id=/;
/**
 * What AWS calls the folders and files of its other logs, wherever they were copied to.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html and, for AWS Config,
 * https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html
 */
const OTHER_NAME =
  /^(?:(?:\d{12}_)?CloudTrail-(?:Digest|Insight|NetworkActivity|Aggregated)(?:_|$)|\d{12}_(?:Config|elasticloadbalancing|vpcflowlogs|waflogs|vpcdnsquerylogs|network-firewall)_)/;

/**
 * Where a folder lies in a bucket to which AWS writes logs: `[prefix/]AWSLogs/[o-ORG/]ACCOUNT/SERVICE/…`. `account` is a folder whose own
 * folders are one for each service.
 */
export type Layer = 'outside' | 'root' | 'account' | 'service';

/** The layer of a folder by its whole path. */
export function layerOfPath(path: string): Layer {
  const parent = dirname(path);
  return parent === path ? 'outside' : layerInside(layerOfPath(parent), basename(path));
}

/** The layer of a folder in a folder. */
export function layerInside(outer: Layer, name: string): Layer {
  if (name === ROOT) return 'root';
  if (outer === 'account' || outer === 'service') return 'service';
  if (outer === 'outside') return 'outside';
  if (ORGANIZATION.test(name)) return 'root';
  return ACCOUNT.test(name) || HIVE_ACCOUNT.test(name) ? 'account' : 'outside';
}

/** Whether a file is called as AWS calls a log of CloudTrail's events. */
export function isEventLog(name: string): boolean {
  return LOG_FILE.test(name);
}

/** Whether a file ends as logs of events do, by whatever name people keep them. */
export function hasLogEnding(name: string): boolean {
  return LOG_ENDING.test(name);
}

/** Whether a folder or file in a folder is known to be of another service, or no log of CloudTrail's events. */
export function isOfOtherService(outer: Layer, name: string, isFolder: boolean): boolean {
  if (OTHER_NAME.test(name)) return true;
  return isFolder && outer === 'account' && !LOGS.test(name);
}
