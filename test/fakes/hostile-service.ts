import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { isJsonObject } from './http-message.ts';
import { listenOnLoopback } from './loopback-port.ts';

/** A service that says whatever it was given, in the form of every operation that we ask for. */
export interface HostileService {
  readonly url: string;
  close(): Promise<void>;
}

/** What it says, and whether it accepts: a refusal says it in its error, the rest in every field that has no fixed form. */
export interface HostileServiceOptions {
  readonly says: string;
  readonly accepts: boolean;
  /** Records of the event history, and messages of the log group. */
  readonly records?: readonly object[];
  readonly messages?: readonly string[];
}

/** Starts one on the loopback. */
export async function startHostileService(options: HostileServiceOptions): Promise<HostileService> {
  const server = createServer((request, response) => {
    text(request).then(
      body => answer(request, response, body, options),
      () => response.destroy(),
    );
  });
  const port = await listenOnLoopback(server);
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function answer(
  { headers, url = '' }: IncomingMessage,
  response: ServerResponse,
  body: string,
  options: HostileServiceOptions,
): void {
  const target = String(headers['x-amz-target'] ?? '')
    .split('.')
    .at(-1);
  const isJson = url.startsWith('/PutAuditEvents') || target !== '';
  const status = options.accepts ? 200 : 400;
  response.writeHead(status, { 'content-type': isJson ? 'application/x-amz-json-1.1' : 'text/xml' });
  if (!isJson) response.end(toXml(body, options));
  else if (!options.accepts) response.end(JSON.stringify({ __type: options.says, message: options.says }));
  else response.end(JSON.stringify(toAnswer(url, target ?? '', body, options)));
}

function toAnswer(
  url: string,
  target: string,
  body: string,
  { says, records = [], messages = [] }: HostileServiceOptions,
): object {
  if (url.startsWith('/PutAuditEvents')) return toOutcome(body, says);
  const row = (fields: object): object[] =>
    Object.entries(fields).map(([name, value]) => ({ [name]: value }));
  const columns = {
    ...{ deploy_id: says, component: says, git_sha: says, status: says, deployed_at: says, event_id: says },
    ...{ event_time: says, event_name: says, rule: says, standing: says, changed: `${says}!`, actor: says },
  };
  const answers: Readonly<Record<string, object>> = {
    LookupEvents: {
      Events: records.map(record => ({ EventId: says, CloudTrailEvent: JSON.stringify(record) })),
    },
    StartQuery: { QueryId: '0a1b2c3d-0000-4000-8000-000000000001' },
    DescribeQuery: { QueryId: '0a1b2c3d-0000-4000-8000-000000000001', QueryStatus: 'FINISHED' },
    GetQueryResults: {
      QueryStatus: 'FINISHED',
      QueryStatistics: { ResultsCount: 1, TotalResultsCount: 1, BytesScanned: 1 },
      QueryResultRows: [row(columns)],
    },
    FilterLogEvents: { events: messages.map((message, i) => ({ message, timestamp: i, eventId: says })) },
    PutLogEvents: { rejectedLogEventsInfo: { tooNewLogEventStartIndex: 0 } },
  };
  return answers[target] ?? {};
}

/** One marker is stored, the others are refused. */
function toOutcome(body: string, says: string): object {
  const request: unknown = JSON.parse(body);
  const events = isJsonObject(request) && Array.isArray(request['auditEvents']) ? request['auditEvents'] : [];
  const ids = events.map((event: unknown) => (isJsonObject(event) ? event['id'] : undefined));
  return {
    successful: ids.slice(0, 1).map(id => ({ id, eventID: says })),
    failed: ids.slice(1).map(id => ({ id, errorCode: says, errorMessage: says })),
  };
}

/** STS and S3 speak XML, which holds a control character as a reference at best. */
function toXml(body: string, { says, accepts }: HostileServiceOptions): string {
  const escaped = [...says]
    .map(character => (/[\w :]/.test(character) ? character : `&#${character.codePointAt(0)};`))
    .join('');
  if (!accepts)
    return `<ErrorResponse><Error><Code>${escaped}</Code><Message>${escaped}</Message></Error></ErrorResponse>`;
  const action = new URLSearchParams(body).get('Action') ?? '';
  const keys = `<Credentials><AccessKeyId>${escaped}</AccessKeyId><SecretAccessKey>${escaped}</SecretAccessKey><SessionToken>${escaped}</SessionToken><Expiration>2999-01-01T00:00:00Z</Expiration></Credentials><AssumedRoleUser><Arn>${escaped}</Arn><AssumedRoleId>${escaped}</AssumedRoleId></AssumedRoleUser>`;
  const results: Readonly<Record<string, string>> = {
    AssumeRoleWithWebIdentity: keys,
    AssumeRole: keys,
    ListStackResources: `<StackResourceSummaries><member><ResourceType>AWS::Lambda::Function</ResourceType><ResourceStatus>${escaped}</ResourceStatus><PhysicalResourceId>${escaped}</PhysicalResourceId></member></StackResourceSummaries>`,
    GetCallerIdentity: `<Account>111122223333</Account><Arn>${escaped}</Arn><UserId>${escaped}</UserId>`,
    GetRole: `<Role><Arn>${escaped}</Arn><AssumeRolePolicyDocument>${escaped}</AssumeRolePolicyDocument></Role>`,
    Publish: `<MessageId>${escaped}</MessageId>`,
  };
  return `<${action}Response><${action}Result>${results[action] ?? ''}</${action}Result></${action}Response>`;
}
