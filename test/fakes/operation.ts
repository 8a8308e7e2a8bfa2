import type { Caller } from './authenticate.ts';
import type { Protocol } from './aws-refusal.ts';
import type { AwsState } from './aws-state.ts';
import type { Fault, OperationName } from './faults.ts';
import type { HttpRequest, HttpResponse } from './http-message.ts';

/** A request on its way to a handler. */
export interface Call {
  readonly request: HttpRequest;
  /** Body as JSON, or as an object of form fields; undefined when it is neither. */
  readonly body: unknown;
  /** Undefined for unsigned operations. */
  readonly caller: Caller | undefined;
  readonly requestId: string;
}

/** Does what the request asks and answers; a `partial` or `rejectedLogEvents` fault is the handler's to apply. */
export type Perform = (fault: Fault | undefined) => HttpResponse;

/** One operation of one service. */
export interface Operation {
  readonly name: OperationName;
  readonly service:
    | 'cloudtrail-data'
    | 'cloudtrail'
    | 'sts'
    | 'iam'
    | 'logs'
    | 'athena'
    | 'cloudformation'
    | 'sns'
    | 's3'
    | 'config';
  readonly protocol: Protocol;
  /** Of the XML answers of the query protocol. */
  readonly namespace?: string;
  /** Whether requests must carry a signature; without it they must not. */
  readonly signed: boolean;
  /** The region that requests must be signed for. */
  region(state: AwsState, request: HttpRequest): string;
  /**
   * Checks the form of the request and returns what is left to do.
   *
   * @throws {AwsRefusal} when the request does not follow the service's model.
   */
  prepare(state: AwsState, call: Call): Perform;
}

/** The account that signed the request. */
export function accountOf(call: Call): string | undefined {
  return call.caller?.key.arn.split(':')[4];
}

/** Where a request is answered: `ACCOUNT/REGION` of the caller and of the signature. */
export function placeOf(call: Call): string {
  return `${accountOf(call)}/${call.caller?.scope.region}`;
}
