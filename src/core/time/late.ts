/**
 * How much later than its call a record may be delivered, in milliseconds. CloudTrail delivers "within an average of about 5 minutes",
 * which is not guaranteed; hours have been seen. Our own choice.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html
 */
export const LATEST_DELIVERY_MS = 6 * 3_600_000;
