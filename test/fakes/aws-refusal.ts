import type { HttpResponse } from './http-message.ts';

/** The wire formats: CloudTrail's rest-json, STS's query protocol with XML answers, awsJson 1.1 of CloudWatch Logs. */
export type Protocol = 'rest-json' | 'query' | 'aws-json';

const CONTENT_TYPES: Readonly<Record<Protocol, string>> = {
  'rest-json': 'application/json',
  query: 'text/xml',
  'aws-json': 'application/x-amz-json-1.1',
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

/** The error answer as AWS shapes it: `x-amzn-errortype` and a JSON message, `__type` in the JSON, or STS's `ErrorResponse`. */
export function renderRefusal(protocol: Protocol, refusal: AwsRefusal, requestId: string): HttpResponse {
  if (protocol === 'rest-json') {
    const response = createResponse(protocol, refusal.status, JSON.stringify({ message: refusal.message }));
    return {
      ...response,
      headers: { ...response.headers, 'x-amzn-errortype': refusal.code, ...refusal.headers },
    };
  }
  if (protocol === 'aws-json') {
    // Real answers of CloudWatch Logs have no x-amzn-errortype, so a client must read the body.
    const json = JSON.stringify({ __type: refusal.code, message: refusal.message });
    const response = createResponse(protocol, refusal.status, json);
    return { ...response, headers: { ...response.headers, ...refusal.headers } };
  }
  const body = [
    '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">',
    '  <Error>',
    `    <Type>${refusal.status >= 500 ? 'Receiver' : 'Sender'}</Type>`,
    `    <Code>${escapeXml(refusal.code)}</Code>`,
    `    <Message>${escapeXml(refusal.message)}</Message>`,
    '  </Error>',
    `  <RequestId>${requestId}</RequestId>`,
    '</ErrorResponse>',
    '',
  ].join('\n');
  const response = createResponse(protocol, refusal.status, body);
  return { ...response, headers: { ...response.headers, ...refusal.headers } };
}
