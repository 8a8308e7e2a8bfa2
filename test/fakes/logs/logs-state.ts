/** One event of a log stream; a second delivery of the same event is a second entry, as in CloudWatch Logs. */
export interface StoredLogEvent {
  readonly eventId: string;
  /** Milliseconds since 1970, as sent. */
  readonly timestamp: number;
  /** Exactly as sent. */
  readonly message: string;
  /** The server's clock when it took the event, in milliseconds. */
  readonly ingestionTime: number;
}

/** A log group. */
export interface LogGroup {
  /** Whose it is, when it is not the server's own account; for every other account it does not exist. */
  readonly accountId?: string;
  /** Older events are expired; without it, none. */
  readonly retentionInDays?: number;
  /** Default false. */
  readonly deletionProtected?: boolean;
  /** ARN of its key, if it has one of its own. */
  readonly kmsKey?: string;
  /** By name, each with its events in the order of their arrival. */
  readonly streams: Map<string, StoredLogEvent[]>;
}

/** A stored event and where it lies. */
export interface LogMessage extends StoredLogEvent {
  readonly group: string;
  readonly stream: string;
}

/** Every stored event of every stream, streams in the order of their creation. */
export function listLogMessages(groups: ReadonlyMap<string, LogGroup>): LogMessage[] {
  return [...groups].flatMap(([group, { streams }]) =>
    [...streams].flatMap(([stream, events]) => events.map(event => ({ group, stream, ...event }))),
  );
}
