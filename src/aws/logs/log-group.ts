import {
  CloudWatchLogsClient,
  type CloudWatchLogsClientConfig,
  CreateLogStreamCommand,
  PutLogEventsCommand,
  type PutLogEventsCommandInput,
} from '@aws-sdk/client-cloudwatch-logs';
import { HttpResponse } from '@smithy/core/protocols';
import { checkRegion } from '../../core/base/region.ts';
import { withoutUndefined } from '../../core/base/without-undefined.ts';
import type { LogBatch, LogEvent } from '../../core/delivery/log-events.ts';
import type { DeliveryPreview } from '../../core/source/source.ts';
import { DeployMarkerError, isDeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { VERSION } from '../../version.ts';
import { toAwsError } from '../answers/error-map.ts';
import type { Outcomes } from '../answers/outcomes.ts';
import { CREATE_LOG_STREAM, PUT_LOG_EVENTS, type RejectedEvents } from '../answers/shapes.ts';
import { openConnection } from '../client/connection.ts';
import type { RateLimiter } from '../client/rate-limiter.ts';
import type { AwsRequestHandler } from '../client/request-handler.ts';
import { silenceNodeVersionWarning } from '../client/sdk-warnings.ts';
import { createSender } from '../client/sender.ts';
import { createThrottleWatch } from '../client/throttle-watch.ts';
import type { LogsSinkOptions } from './logs-sink.ts';

/** A log group that takes batches. */
export interface LogGroup {
  /** Puts one batch and notes what became of each event; throws if a whole call failed. */
  put(batch: LogBatch, outcomes: Outcomes, signal: AbortSignal | undefined): Promise<void>;
}

/** Opens a log group; nothing is sent before the first batch. */
export function openLogGroup(options: LogsSinkOptions, limiter: RateLimiter): LogGroup {
  const { requestHandler, credentials } = openConnection(options);
  const maxAttempts = withoutUndefined({ maxAttempts: options.maxAttempts });
  const client = createClient(options, { requestHandler, credentials: credentials.provider, ...maxAttempts });
  client.middlewareStack.use(createThrottleWatch(limiter));
  // Whoever delivers has a deadline over all calls.
  const send = createSender(credentials, limiter, { limitMs: Number.POSITIVE_INFINITY });

  async function createStream(stream: string, signal: AbortSignal | undefined): Promise<void> {
    const command = new CreateLogStreamCommand({ logGroupName: options.logGroup, logStreamName: stream });
    const call = { operation: 'CreateLogStream', signal, shape: CREATE_LOG_STREAM } as const;
    try {
      await send({ ...call, send: settings => client.send(command, settings), unless: unlessThere });
    } catch (error) {
      throw isDeployMarkerError(error) && error.code === 'LOG_GROUP_NOT_FOUND'
        ? toMissing(options, error)
        : error;
    }
  }

  async function putEvents(
    batch: LogBatch,
    signal: AbortSignal | undefined,
  ): Promise<'no stream' | RejectedEvents> {
    const command = new PutLogEventsCommand(toInput(batch, options));
    const answer = await send({
      operation: 'PutLogEvents',
      signal,
      shape: PUT_LOG_EVENTS,
      send: settings => client.send(command, settings),
      unless: unlessStreamIsMissing,
    });
    return answer === 'no stream' ? answer : (answer.rejectedLogEventsInfo ?? {});
  }

  return {
    async put(batch, outcomes, signal) {
      let answer = await putEvents(batch, signal);
      if (answer === 'no stream') {
        await createStream(batch.stream, signal);
        answer = await putEvents(batch, signal);
      }
      if (answer === 'no stream') {
        throw new DeployMarkerError(
          'UNEXPECTED_RESPONSE',
          `the log stream ${batch.stream} was made and is not there`,
        );
      }
      noteOutcomes(batch.events, answer, outcomes);
    },
  };
}

/** The very request that would be sent, made by the same client up to the point of sending. */
export async function previewPut(batch: LogBatch, options: LogsSinkOptions): Promise<DeliveryPreview> {
  let preview: DeliveryPreview | undefined;
  const requestHandler: AwsRequestHandler = {
    async handle(request) {
      const port = request.port === undefined ? '' : `:${request.port}`;
      const target = `${request.method} ${request.protocol}//${request.hostname}${port}${request.path} PutLogEvents`;
      preview = { target, body: new TextDecoder().decode(request.body) };
      return { response: new HttpResponse({ statusCode: 200, body: Buffer.from('{}') }) };
    },
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
  };
  const unused = { accessKeyId: 'unsigned', secretAccessKey: 'unsigned' };
  const client = createClient(options, { requestHandler, credentials: unused });
  await client.send(new PutLogEventsCommand(toInput(batch, options))).catch((error: unknown) => {
    throw toAwsError(error, { operation: 'PutLogEvents' });
  });
  if (preview === undefined) throw new Error('the client sent nothing');
  return preview;
}

function createClient({ region }: LogsSinkOptions, config: CloudWatchLogsClientConfig): CloudWatchLogsClient {
  silenceNodeVersionWarning();
  return new CloudWatchLogsClient({
    ...config,
    region: checkRegion(region),
    customUserAgent: [['deploy-marker', VERSION]],
  });
}

function toInput({ stream, events }: LogBatch, { logGroup }: LogsSinkOptions): PutLogEventsCommandInput {
  const logEvents = events.map(({ timestamp, message }) => ({ timestamp, message }));
  return { logGroupName: logGroup, logStreamName: stream, logEvents };
}

/**
 * Reads what CloudWatch Logs says under HTTP 200 of events that it dropped. Of the three indices, one is inclusive and two are exclusive.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_RejectedLogEventsInfo.html
 */
function noteOutcomes(events: readonly LogEvent[], rejected: RejectedEvents, outcomes: Outcomes): void {
  const { tooOldLogEventEndIndex = 0, expiredLogEventEndIndex = 0 } = rejected;
  const { tooNewLogEventStartIndex = events.length } = rejected;
  for (const [index, { uid }] of events.entries()) {
    if (index < tooOldLogEventEndIndex)
      outcomes.refused(uid, 'TooOld', 'the event is too old for CloudWatch Logs');
    else if (index < expiredLogEventEndIndex)
      outcomes.refused(uid, 'Expired', 'the event is older than the retention of the log group');
    else if (index >= tooNewLogEventStartIndex)
      outcomes.refused(uid, 'TooNew', 'the event is too far in the future for CloudWatch Logs');
    else outcomes.stored(uid, null);
  }
}

/** Another process may have made it at the same time. */
function unlessThere(error: unknown): undefined {
  if (error instanceof Error && error.name === 'ResourceAlreadyExistsException') return undefined;
  throw error;
}

/** The group may be missing too, which only CreateLogStream tells apart. */
function unlessStreamIsMissing(error: unknown): 'no stream' {
  if (error instanceof Error && error.name === 'ResourceNotFoundException') return 'no stream';
  throw error;
}

function toMissing({ logGroup, region }: LogsSinkOptions, cause: DeployMarkerError): DeployMarkerError {
  return new DeployMarkerError('LOG_GROUP_NOT_FOUND', `there is no log group ${logGroup} in ${region}`, {
    hint: `make it with \`aws logs create-log-group --region ${region} --log-group-name ${logGroup}\``,
    cause,
  });
}
