/** What is wrong with an object of a trail: its content, that it is not there, that nobody signed for it, or its digest. */
export type LogFaultKind = 'changed' | 'missing' | 'extra' | 'digest';

/** An object that is not what CloudTrail delivered. */
export interface LogFault {
  readonly kind: LogFaultKind;
  /** `s3://bucket/key` */
  readonly object: string;
  /** One line for people, without the name of the object. */
  readonly message: string;
  /** When it was delivered, in milliseconds since the epoch. */
  readonly time: number;
}

/** What the logs of one account and Region are worth, by CloudTrail's digests of them. */
export interface LogIntegrity {
  readonly account: string;
  readonly region: string;
  /** Digests whose signature holds. */
  readonly digests: number;
  /** Logs that are what CloudTrail signed for. */
  readonly logs: number;
  /** Logs that are too new for a digest. */
  readonly pending: number;
  readonly faults: readonly LogFault[];
}
