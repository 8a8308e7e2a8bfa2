import type { HttpResponse } from './http-message.ts';

/** The wire formats: CloudTrail Data's rest-json, the query protocol with XML answers of STS, CloudFormation and SNS, awsJson 1.1 of CloudTrail and CloudWatch Logs, S3's rest-xml. */
export type Protocol = 'rest-json' | 'query' | 'aws-json' | 'rest-xml';

const CONTENT_TYPES: Readonly<Record<Protocol, string>> = {
  'rest-json': 'application/json',
  query: 'text/xml',
  'aws-json': 'application/x-amz-json-1.1',
  'rest-xml': 'application/xml',
};

interface RefusalOptions {
  /** True when no correct client sends such a request; the server then remembers it. */
  readonly violation?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A whole request refused with an AWS error code. Handlers throw it; {@link renderRefusal} writes it. */
export class AwsRefusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly violation: boolean;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, options: RefusalOptions = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.violation = options.violation ?? false;
    this.headers = options.headers ?? {};
  }
}

/** A request that AWS might even accept, but that our clients must never send. */
export function strictViolation(message: string): AwsRefusal {
  return new AwsRefusal(400, 'StrictFakeViolation', message, { violation: true });
}

/** Text made safe for an XML element. */
export function escapeXml(text: string): string {
  const named: Record<string, string> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;' };
  return text.replace(/[<>&"]/g, char => named[char] ?? char);
}

/** An answer in the body format of `protocol`. */
export function createResponse(protocol: Protocol, status: number, body: string): HttpResponse {
  return { status, headers: { 'content-type': CONTENT_TYPES[protocol] }, body, delivery: { kind: 'whole' } };
}

function renderJson(protocol: Protocol, refusal: AwsRefusal): HttpResponse {
  if (protocol === 'rest-json') {
    const response = createResponse(protocol, refusal.status, JSON.stringify({ message: refusal.message }));
    return { ...response, headers: { ...response.headers, 'x-amzn-errortype': refusal.code } };
  }
  // Real answers of CloudWatch Logs have no x-amzn-errortype, so a client must read the body.
  const json = JSON.stringify({ __type: refusal.code, message: refusal.message });
  return createResponse(protocol, refusal.status, json);
}

function renderXml(protocol: Protocol, refusal: AwsRefusal, requestId: string, namespace: string): string {
  const error = [
    `    <Code>${escapeXml(refusal.code)}</Code>`,
    `    <Message>${escapeXml(refusal.message)}</Message>`,
  ];
  if (protocol === 'rest-xml')
    return [
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<Error>',
      ...error,
      `    <RequestId>${requestId}</RequestId>`,
      '    <HostId>ZmFrZQ==</HostId>',
      '</Error>',
    ].join('\n');
  return [
    `<ErrorResponse xmlns="${namespace}">`,
    '  <Error>',
    `    <Type>${refusal.status >= 500 ? 'Receiver' : 'Sender'}</Type>`,
    ...error,
    '  </Error>',
    `  <RequestId>${requestId}</RequestId>`,
    '</ErrorResponse>',
    '',
  ].join('\n');
}

/** Where an error answer goes to: the wire format, and the XML namespace of services that have one. */
export interface RefusalTarget {
  readonly protocol: Protocol;
  readonly namespace?: string;
}

/** The error answer as AWS shapes it: `x-amzn-errortype` and a JSON message, `__type` in the JSON, or XML. */
export function renderRefusal(target: RefusalTarget, refusal: AwsRefusal, requestId: string): HttpResponse {
  const { protocol, namespace = '' } = target;
  const isJson = protocol === 'rest-json' || protocol === 'aws-json';
  // An answer with 304 has no body.
  const xml = isJson || refusal.status === 304 ? '' : renderXml(protocol, refusal, requestId, namespace);
  const response = isJson ? renderJson(protocol, refusal) : createResponse(protocol, refusal.status, xml);
  return { ...response, headers: { ...response.headers, ...refusal.headers } };
}
