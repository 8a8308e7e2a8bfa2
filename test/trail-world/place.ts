/** Where something is. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

/** ARN of a function. */
export function functionArn({ account, region }: Place, name: string): string {
  return `arn:aws:lambda:${region}:${account}:function:${name}`;
}

/** ARN of a role. */
export function roleArn(account: string, role: string): string {
  return `arn:aws:iam::${account}:role/${role}`;
}

/** `YYYY-MM-DDTHH:MM:SSZ`, as CloudTrail and markers write times. */
export function toTime(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}
