/** The operations the server knows. */
export type OperationName =
  | 'PutAuditEvents'
  | 'AssumeRoleWithWebIdentity'
  | 'AssumeRole'
  | 'GetCallerIdentity'
  | 'PutLogEvents'
  | 'CreateLogStream'
  | 'CreateLogGroup'
  | 'DescribeLogGroups'
  | 'DescribeLogStreams'
  | 'FilterLogEvents'
  | 'GetLogEvents'
  | 'LookupEvents'
  | 'StartQuery'
  | 'DescribeQuery'
  | 'GetQueryResults'
  | 'CancelQuery'
  | 'ListStackResources'
  | 'Publish'
  | 'GetObject'
  | 'PutObject'
  | 'ListObjectsV2'
  | 'ListObjects'
  | 'GetBucketLocation'
  | 'ListPublicKeys'
  | 'GetChannel'
  | 'GetEventDataStore'
  | 'GetRole';

/**
 * What goes wrong with one call. The request is authenticated and checked first in every case, so a badly formed
 * retry is found even while the service "fails".
 */
export type Fault =
  | {
      /**
       * `throttle`, `error500`, `denied`, `expired`: the error AWS gives. `reset`: the connection is cut and nothing
       * is done. `resetAfterStore`: it is done, then cut. `cut`: the true answer breaks off in the middle. `hang`: no answer ever.
       * `garbage`: 200 with an HTML page.
       */
      readonly kind:
        | 'throttle'
        | 'error500'
        | 'denied'
        | 'expired'
        | 'reset'
        | 'resetAfterStore'
        | 'cut'
        | 'hang'
        | 'garbage';
    }
  /** HTTP 200 with this body, whatever it is, and nothing is done. */
  | { readonly kind: 'answer'; readonly body: string }
  | { readonly kind: 'error503'; readonly retryAfterSeconds?: number }
  /** The true answer, sent in `pieces` (default 10) with `pauseMs` (default 50) between them. */
  | { readonly kind: 'slow'; readonly pieces?: number; readonly pauseMs?: number }
  /** Any other error: `IDPCommunicationError` 400, `ChannelUnsupportedSchema` 400, … */
  | {
      readonly kind: 'error';
      readonly status: number;
      readonly code: string;
      readonly message?: string;
    }
  /** PutAuditEvents only: these events fail under HTTP 200; without `ids` and `indices` all of them do. */
  | {
      readonly kind: 'partial';
      readonly code: string;
      readonly message?: string;
      readonly ids?: readonly string[];
      readonly indices?: readonly number[];
    }
  /**
   * PutLogEvents only: the events before an end index and from the start index on are refused under HTTP 200; without
   * any index all of them are, as too old.
   */
  | {
      readonly kind: 'rejectedLogEvents';
      readonly tooNewLogEventStartIndex?: number;
      readonly tooOldLogEventEndIndex?: number;
      readonly expiredLogEventEndIndex?: number;
    };

// A fault that its operation cannot have would never show, and the test with it would prove nothing.
const ONLY_OF: Partial<Record<Fault['kind'], OperationName>> = {
  partial: 'PutAuditEvents',
  rejectedLogEvents: 'PutLogEvents',
};

interface QueuedFault {
  readonly operation: OperationName;
  readonly fault: Fault;
  left: number;
}

/** Faults waiting to happen, first in first out per operation. */
export interface FaultQueue {
  /**
   * Queues `fault` for the next `times` (default 1, `Infinity` for always) calls of `operation`.
   *
   * @throws {Error} if `operation` cannot fail so.
   */
  add(operation: OperationName, fault: Fault, times?: number): void;
  /** The fault of this call, if any; uses it up. */
  take(operation: OperationName): Fault | undefined;
  /** Forgets what has not happened yet. */
  clear(): void;
  /** How many calls will still fail; `Infinity` if one of the faults is for always. */
  pending(): number;
}

/** An empty {@link FaultQueue}. */
export function createFaultQueue(): FaultQueue {
  let queue: QueuedFault[] = [];
  return {
    add(operation, fault, times = 1) {
      const only = ONLY_OF[fault.kind];
      if (only !== undefined && only !== operation)
        throw new Error(`A ${fault.kind} fault is for ${only}, not ${operation}.`);
      queue.push({ operation, fault, left: times });
    },
    take(operation) {
      const next = queue.find(entry => entry.operation === operation);
      if (next === undefined) return undefined;
      next.left -= 1;
      if (next.left <= 0) queue = queue.filter(entry => entry !== next);
      return next.fault;
    },
    clear() {
      queue = [];
    },
    pending() {
      return queue.reduce((sum, entry) => sum + entry.left, 0);
    },
  };
}
