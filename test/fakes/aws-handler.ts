import { randomUUID } from 'node:crypto';
import { authenticate, type Caller } from './authenticate.ts';
import { AwsRefusal, createResponse, type Protocol, renderRefusal } from './aws-refusal.ts';
import type { AwsState } from './aws-state.ts';
import { findCloudTrailOperation } from './cloudtrail/cloudtrail-operations.ts';
import { PUT_AUDIT_EVENTS } from './cloudtrail/put-audit-events.ts';
import { toRefusal } from './fault-refusal.ts';
import type { Fault } from './faults.ts';
import {
  type Delivery,
  type HttpRequest,
  type HttpResponse,
  headerValue,
  headerValues,
  mediaType,
} from './http-message.ts';
import { GET_ROLE } from './iam-roles.ts';
import { findLogsOperation } from './logs/logs-operations.ts';
import type { Operation, Perform } from './operation.ts';
import { findBucketRead } from './s3/s3-bucket-reads.ts';
import { isBucketList, LIST_OBJECTS } from './s3/s3-list.ts';
import { GET_OBJECT, isObjectPath, PUT_OBJECT } from './s3/s3-operations.ts';
import { PUBLISH } from './sns-publish.ts';
import { LIST_STACK_RESOURCES } from './stack-resources.ts';
import { ASSUME_ROLE, ASSUME_ROLE_WITH_WEB_IDENTITY, GET_CALLER_IDENTITY } from './sts/sts-operations.ts';

const QUERY_OPERATIONS: readonly Operation[] = [
  ASSUME_ROLE_WITH_WEB_IDENTITY,
  ASSUME_ROLE,
  GET_CALLER_IDENTITY,
  GET_ROLE,
  LIST_STACK_RESOURCES,
  PUBLISH,
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
  if (request.method === 'GET' && isBucketList(request)) return LIST_OBJECTS;
  if (request.method === 'GET') {
    const ofBucket = findBucketRead(request);
    if (ofBucket !== undefined) return ofBucket;
  }
  if (isObjectPath(request.path)) {
    if (request.method === 'GET') return GET_OBJECT;
    if (request.method === 'PUT') return PUT_OBJECT;
  }
  if (request.method !== 'POST') return undefined;
  if (request.path === '/PutAuditEvents') return PUT_AUDIT_EVENTS;
  if (request.path !== '/') return undefined;
  const target = headerValue(request, 'x-amz-target');
  if (target !== undefined) return findLogsOperation(target) ?? findCloudTrailOperation(target);
  const action = new URLSearchParams(request.body.toString()).get('Action');
  return QUERY_OPERATIONS.find(operation => operation.name === action);
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

function deliver(fault: Fault | undefined, { protocol }: Operation, perform: Perform): HttpResponse {
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
    case 'cut':
      return withDelivery(perform(fault), { kind: 'cut' });
    case 'slow':
      return withDelivery(perform(fault), {
        kind: 'slow',
        pieces: fault.pieces ?? 10,
        pauseMs: fault.pauseMs ?? 50,
      });
    case 'answer':
      return createResponse(protocol, 200, fault.body);
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
    response = deliver(fault, operation, perform);
  } catch (error) {
    if (!(error instanceof AwsRefusal)) throw error;
    errorCode = error.code;
    if (error.violation)
      state.violations.push({
        operation: operation?.name ?? 'unknown',
        message: `${error.code}: ${error.message}`,
      });
    response = renderRefusal(operation ?? { protocol: guessProtocol(request) }, error, requestId);
  }
  const headers = {
    ...response.headers,
    [operation?.protocol === 'rest-xml' ? 'x-amz-request-id' : 'x-amzn-requestid']: requestId,
    date: new Date(state.now()).toUTCString(),
  };
  return { response: { ...response, headers }, operation, parsedBody, caller, errorCode, fault };
}
