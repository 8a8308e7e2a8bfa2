import { createRedactor } from '../../errors/redactor.ts';
import { toVisible } from '../../errors/visible-text.ts';

/** What can be told of an error that an AWS client threw, free of secrets. */
export interface SdkError {
  readonly name: string;
  readonly message: string;
  /** Code of Node.js, such as `ECONNREFUSED`. */
  readonly code: string | undefined;
  readonly status: number | undefined;
  readonly requestId: string | undefined;
  readonly attempts: number | undefined;
  /** The service itself answered with this error. */
  readonly fromService: boolean;
  /** A stand-in to be kept as a cause: the thrown error can hold the whole answer and repeat the request. */
  readonly safe: Error;
}

/** Reads what a client threw; anything can be thrown. */
export function readSdkError(error: unknown, secrets: readonly string[]): SdkError {
  const fields: Readonly<Record<string, unknown>> =
    typeof error === 'object' && error !== null ? { ...error } : {};
  const metadata = isRecord(fields['$metadata']) ? fields['$metadata'] : {};
  const code = textOf(fields['code']);
  const raw = error instanceof Error ? error.message : String(error);
  const message = clean(raw === '' ? (code ?? '') : raw, secrets);
  const name = error instanceof Error ? error.name : 'Error';
  return {
    name,
    message,
    code,
    status: numberOf(metadata['httpStatusCode']),
    requestId: textOf(metadata['requestId']),
    attempts: numberOf(metadata['attempts']),
    fromService: fields['$fault'] === 'client' || fields['$fault'] === 'server',
    safe: toSafeError(name, message, error),
  };
}

/** Whether the request never got a whole answer. */
export function isNetworkFault({ name, code }: SdkError): boolean {
  return name === 'TimeoutError' || (code !== undefined && NETWORK_CODE.test(code));
}

// Node.js: system errors of sockets and of name resolution, and the verification of TLS certificates.
const NETWORK_CODE =
  /^(E(CONN|AI_|PIPE|TIMEDOUT|HOST|NET|NOTFOUND|PROTO|SOCKET|ADDR)|ERR_(TLS|SSL|SOCKET|STREAM_PREMATURE)|HPE_|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|ERROR_IN_CERT|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE)|PATH_LENGTH|CRL_|UNSUPPORTED_)/;

/** What the SDK adds to the message of a failure to read an answer, from here on. */
export const DEVELOPER_HINT = /\s*Deserialization error: to see/;
const REPEATED_REQUEST = /\s*The Canonical String/;

/**
 * Takes out what must not be shown: given secrets, what looks like one, and the request that the answer to a wrong
 * signature repeats, session token included.
 */
function clean(message: string, secrets: readonly string[]): string {
  const redactor = createRedactor();
  for (const secret of secrets) redactor.learn(secret);
  const [told = ''] = message.split(REPEATED_REQUEST)[0]?.split(DEVELOPER_HINT) ?? [];
  return toVisible(redactor.redact(told).replace(/\s+/g, ' ').trim());
}

function toSafeError(name: string, message: string, error: unknown): Error {
  const safe = new Error(message);
  safe.name = name;
  // The first lines of a stack are the message, unredacted.
  const frames =
    error instanceof Error ? (error.stack ?? '').split('\n').filter(line => /^\s+at /.test(line)) : [];
  safe.stack = [`${name}: ${message}`, ...frames].join('\n');
  return safe;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
