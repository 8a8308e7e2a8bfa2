/** One event to store. @see https://docs.aws.amazon.com/awscloudtraildata/latest/APIReference/API_AuditEvent.html */
export interface AuditEvent {
  /** The caller's own id of the event: 1 to 128 characters of `[-_A-Za-z0-9]`, unique within one request. */
  id: string | undefined;
  /** The event as a JSON document in a string. */
  eventData: string | undefined;
  /** Base64 of the SHA-256 of exactly the bytes of `eventData`. */
  eventDataChecksum?: string | undefined;
}

/** An event that CloudTrail took. */
export interface AuditEventResultEntry {
  /** The id that the caller gave. */
  id: string | undefined;
  /** The id that CloudTrail gave. */
  eventID: string | undefined;
}

/** An event that CloudTrail refused, in an answer that is HTTP 200 all the same. */
export interface ResultErrorEntry {
  /** The id that the caller gave. */
  id: string | undefined;
  /** For example `FieldNotFound` or `Throttling`; the list is open. */
  errorCode: string | undefined;
  /** Why, in AWS's words. */
  errorMessage: string | undefined;
}

/**
 * What PutAuditEvents takes.
 *
 * @see https://docs.aws.amazon.com/awscloudtraildata/latest/APIReference/API_PutAuditEvents.html
 */
export interface PutAuditEventsRequest {
  /** 1 to 100 events. */
  auditEvents: AuditEvent[] | undefined;
  /** ARN of the channel. */
  channelArn: string | undefined;
  /** Needed when the channel's resource policy asks for one: 2 to 1224 characters. */
  externalId?: string | undefined;
}

/** What PutAuditEvents answers: every event of the request is in one of the lists. */
export interface PutAuditEventsResponse {
  successful: AuditEventResultEntry[] | undefined;
  failed: ResultErrorEntry[] | undefined;
}
