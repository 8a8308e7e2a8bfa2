import { randomUUID } from 'node:crypto';
import { authenticate, type Caller, refusalStatus } from './authenticate.ts';
import { AwsRefusal, type Protocol, renderRefusal } from './aws-refusal.ts';
import type { AwsState } from './aws-state.ts';
import type { Fault } from './faults.ts';
import {
  type Delivery,
  type HttpRequest,
  type HttpResponse,
  headerValue,
  headerValues,
  mediaType,
} from './http-message.ts';
import { findLogsOperation } from './logs-operations.ts';
import type { Operation, Perform } from './operation.ts';
import { PUT_AUDIT_EVENTS } from './put-audit-events.ts';
import { ASSUME_ROLE, ASSUME_ROLE_WITH_WEB_IDENTITY, GET_CALLER_IDENTITY } from './sts-operations.ts';

const STS_OPERATIONS: readonly Operation[] = [
  ASSUME_ROLE_WITH_WEB_IDENTITY,
  ASSUME_ROLE,
  GET_CALLER_IDENTITY,
];

/** An answer and what the recorder keeps about the request. */
export interface Handled {
  readonly response: HttpResponse;
  readonly operation: Operation | undefined;
  readonly parsedBody: unknown;
  /** Set once the signature was verified. */
  readonly caller: Caller | undefined;
  /** Code of the refusal of the whole request, also of an injected one. */
  readonly errorCode: string | undefined;
  readonly fault: Fault | undefined;
}

function parseBody(request: HttpRequest): unknown {
  if (mediaType(request) === 'application/x-www-form-urlencoded')
    return Object.fromEntries(new URLSearchParams(request.body.toString()));
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(request.body));
  } catch (error) {
    // Not JSON, or not UTF-8 (a TypeError): the operation says what is wrong with that.
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}

function findOperation(request: HttpRequest): Operation | undefined {
  if (request.method !== 'POST') return undefined;
  if (request.path === '/PutAuditEvents') return PUT_AUDIT_EVENTS;
  if (request.path !== '/') return undefined;
  const target = headerValue(request, 'x-amz-target');
  if (target !== undefined) return findLogsOperation(target);
  const action = new URLSearchParams(request.body.toString()).get('Action');
  return STS_OPERATIONS.find(operation => operation.name === action);
}

/** The protocol of a request that names no operation we know. */
function guessProtocol(request: HttpRequest): Protocol {
  return headerValue(request, 'x-amz-target') === undefined ? 'rest-json' : 'aws-json';
}

function unknownOperation(request: HttpRequest): AwsRefusal {
  const target = headerValue(request, 'x-amz-target');
  const what = `${request.method} ${request.path}${target === undefined ? '' : ` ${target}`}`;
  return new AwsRefusal(
    target === undefined ? 404 : 400,
    'UnknownOperationException',
    `No operation for ${what}`,
    { violation: true },
  );
}

function identify(state: AwsState, request: HttpRequest, operation: Operation): Caller | undefined {
  const { service, protocol } = operation;
  if (operation.signed)
    return authenticate(state, request, { service, protocol, region: operation.region(state, request) });
  if (headerValues(request, 'authorization').length > 0)
    throw new AwsRefusal(400, 'StrictFakeViolation', `${operation.name} must not be signed.`, {
      violation: true,
    });
  return undefined;
}

// What AWS calls the common failures in each protocol.
function toRefusal(fault: Fault, operation: Operation, caller: Caller | undefined): AwsRefusal | undefined {
  const { protocol } = operation;
  const json = protocol !== 'query';
  const action = `${operation.service}:${operation.name}`;
  switch (fault.kind) {
    case 'throttle':
      return new AwsRefusal(400, json ? 'ThrottlingException' : 'Throttling', 'Rate exceeded');
    case 'error500':
      return new AwsRefusal(
        500,
        'InternalFailure',
        'The request processing has failed because of an unknown error.',
      );
    case 'error503': {
      const seconds = fault.retryAfterSeconds;
      const headers: Record<string, string> = seconds === undefined ? {} : { 'retry-after': String(seconds) };
      return new AwsRefusal(
        503,
        protocol === 'aws-json' ? 'ServiceUnavailableException' : 'ServiceUnavailable',
        'The service is temporarily unavailable.',
        { headers },
      );
    }
    case 'denied':
      return caller === undefined
        ? new AwsRefusal(403, 'AccessDenied', `Not authorized to perform ${action}`)
        : new AwsRefusal(
            refusalStatus(protocol),
            json ? 'AccessDeniedException' : 'AccessDenied',
            `User: ${caller.key.arn} is not authorized to perform: ${action} because no identity-based policy allows it`,
          );
    case 'expired':
      if (caller === undefined) return new AwsRefusal(400, 'ExpiredTokenException', 'Token expired');
      return new AwsRefusal(
        refusalStatus(protocol),
        json ? 'ExpiredTokenException' : 'ExpiredToken',
        'The security token included in the request is expired',
      );
    case 'error':
      return new AwsRefusal(fault.status, fault.code, fault.message ?? `Injected ${fault.code}`);
    default:
      return undefined;
  }
}

function deliver(fault: Fault | undefined, perform: Perform): HttpResponse {
  const nothing = { status: 200, headers: {}, body: '' };
  const withDelivery = (response: HttpResponse, delivery: Delivery): HttpResponse => ({
    ...response,
    delivery,
  });
  switch (fault?.kind) {
    case 'reset':
    case 'hang':
      return { ...nothing, delivery: { kind: fault.kind } };
    case 'resetAfterStore':
      return withDelivery(perform(fault), { kind: 'reset' });
    case 'slow':
      return withDelivery(perform(fault), {
        kind: 'slow',
        pieces: fault.pieces ?? 10,
        pauseMs: fault.pauseMs ?? 50,
      });
    case 'garbage':
      return {
        status: 200,
        headers: { 'content-type': 'text/html' },
        body: '<html><body>Welcome to the airport Wi-Fi</body></html>',
        delivery: { kind: 'whole' },
      };
    default:
      return perform(fault);
  }
}

/**
 * Answers one request: finds the operation, verifies the signature, checks the form, applies a queued fault, performs.
 *
 * Only `state` is changed; nothing is read from elsewhere but random ids.
 */
export function handle(state: AwsState, request: HttpRequest): Handled {
  const operation = findOperation(request);
  const requestId = randomUUID();
  const parsedBody = parseBody(request);
  let caller: Caller | undefined;
  let fault: Fault | undefined;
  let errorCode: string | undefined;
  let response: HttpResponse;
  try {
    if (operation === undefined) throw unknownOperation(request);
    caller = identify(state, request, operation);
    const perform = operation.prepare(state, { request, body: parsedBody, caller, requestId });
    fault = state.faults.take(operation.name);
    const refusal = fault === undefined ? undefined : toRefusal(fault, operation, caller);
    if (refusal !== undefined) throw refusal;
    response = deliver(fault, perform);
  } catch (error) {
    if (!(error instanceof AwsRefusal)) throw error;
    errorCode = error.code;
    if (error.violation)
      state.violations.push({
        operation: operation?.name ?? 'unknown',
        message: `${error.code}: ${error.message}`,
      });
    response = renderRefusal(operation?.protocol ?? guessProtocol(request), error, requestId);
  }
  const headers = {
    ...response.headers,
    'x-amzn-requestid': requestId,
    date: new Date(state.now()).toUTCString(),
  };
  return { response: { ...response, headers }, operation, parsedBody, caller, errorCode, fault };
}
