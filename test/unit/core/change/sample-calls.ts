// Calls in the shapes that CloudTrail records, one part of each service's table at a time. Field names are those of the API
// references, with CloudTrail's own spelling.
// Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html

/** A call, and what it changed. */
export interface SampleCall {
  readonly service: string;
  readonly action: string;
  readonly asked: object | null;
  readonly answered?: object | null;
  readonly resources?: readonly object[];
  readonly things: readonly string[];
}

/** An ARN of the sample account. */
export function arn(
  service: string,
  resource: string,
  region = 'eu-west-1',
  account = '111122223333',
): string {
  return `arn:aws:${service}:${region}:${account}:${resource}`;
}

/** Rows of one service: action, what was asked, what it changed, what was answered. */
export function callsTo(
  service: string,
  rows: readonly (readonly [
    action: string,
    asked: object | null,
    things: string,
    answered?: object | null,
  ])[],
): SampleCall[] {
  return rows.map(([action, asked, things, answered = null]) => ({
    service,
    action,
    asked,
    answered,
    things: things.split(' ').map(thing => `${thing.includes(':') ? '' : `${service}:`}${thing}`),
  }));
}
