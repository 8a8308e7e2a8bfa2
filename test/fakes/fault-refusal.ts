import { refusalStatus, refuseCaller } from './auth-refusal.ts';
import type { Caller } from './authenticate.ts';
import { AwsRefusal } from './aws-refusal.ts';
import type { Fault } from './faults.ts';
import type { Operation } from './operation.ts';

function throttle({ protocol }: Operation): AwsRefusal {
  if (protocol === 'rest-xml') return new AwsRefusal(503, 'SlowDown', 'Please reduce your request rate.');
  return new AwsRefusal(400, protocol === 'query' ? 'Throttling' : 'ThrottlingException', 'Rate exceeded');
}

function fail500({ protocol }: Operation): AwsRefusal {
  return protocol === 'rest-xml'
    ? new AwsRefusal(500, 'InternalError', 'We encountered an internal error. Please try again.')
    : new AwsRefusal(
        500,
        'InternalFailure',
        'The request processing has failed because of an unknown error.',
      );
}

function fail503({ protocol }: Operation, seconds: number | undefined): AwsRefusal {
  const headers: Record<string, string> = seconds === undefined ? {} : { 'retry-after': String(seconds) };
  const code = protocol === 'aws-json' ? 'ServiceUnavailableException' : 'ServiceUnavailable';
  return new AwsRefusal(503, code, 'The service is temporarily unavailable.', { headers });
}

function deny({ service, name, protocol }: Operation, caller: Caller | undefined): AwsRefusal {
  const action = `${service}:${name}`;
  if (caller === undefined) return new AwsRefusal(403, 'AccessDenied', `Not authorized to perform ${action}`);
  const isJson = protocol === 'rest-json' || protocol === 'aws-json';
  const code = service === 'sns' ? 'AuthorizationError' : isJson ? 'AccessDeniedException' : 'AccessDenied';
  return new AwsRefusal(
    refusalStatus(protocol),
    code,
    `User: ${caller.key.arn} is not authorized to perform: ${action} because no identity-based policy allows it`,
  );
}

/** The refusal that a fault is, as the service of `operation` names it; undefined for faults that refuse nothing. */
export function toRefusal(
  fault: Fault,
  operation: Operation,
  caller: Caller | undefined,
): AwsRefusal | undefined {
  switch (fault.kind) {
    case 'throttle':
      return throttle(operation);
    case 'error500':
      return fail500(operation);
    case 'error503':
      return fail503(operation, fault.retryAfterSeconds);
    case 'denied':
      return deny(operation, caller);
    case 'expired':
      return caller === undefined
        ? new AwsRefusal(400, 'ExpiredTokenException', 'Token expired')
        : refuseCaller(
            operation.protocol,
            'expired',
            'The security token included in the request is expired',
          );
    case 'error':
      return new AwsRefusal(fault.status, fault.code, fault.message ?? `Injected ${fault.code}`);
    default:
      return undefined;
  }
}
