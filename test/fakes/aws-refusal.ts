import type { HttpResponse } from './http-message.ts';

/** The two wire formats: CloudTrail's rest-json and STS's query protocol with XML answers. */
export type Protocol = 'rest-json' | 'query';

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
  const contentType = protocol === 'query' ? 'text/xml' : 'application/json';
  return { status, headers: { 'content-type': contentType }, body, delivery: { kind: 'whole' } };
}

/** The error answer as AWS shapes it: `x-amzn-errortype` and a JSON message, or STS's `ErrorResponse`. */
export function renderRefusal(protocol: Protocol, refusal: AwsRefusal, requestId: string): HttpResponse {
  if (protocol === 'rest-json') {
    const response = createResponse(protocol, refusal.status, JSON.stringify({ message: refusal.message }));
    return {
      ...response,
      headers: { ...response.headers, 'x-amzn-errortype': refusal.code, ...refusal.headers },
    };
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
