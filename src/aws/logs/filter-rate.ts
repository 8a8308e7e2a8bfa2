/**
 * Requests a second; the quota is five in some Regions and ten in the others.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html (FilterLogEvents)
 */
export const FILTER_RATE = 5;
