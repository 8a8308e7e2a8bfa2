/**
 * How much later than its call a record may be delivered, as the default of `--late`. CloudTrail delivers "within an average of about 5
 * minutes", which is not guaranteed; hours have been seen. Our own choice.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html
 */
export const DEFAULT_LATE = '6h';
