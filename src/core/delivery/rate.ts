/**
 * Requests per second to a sink: what is kept to if nobody says otherwise, which leaves room for other pipelines, and what PutAuditEvents
 * takes of an account and Region. Source: https://docs.aws.amazon.com/general/latest/gr/ct.html
 */
export const MAX_RATE = { default: 50, highest: 100 } as const;
