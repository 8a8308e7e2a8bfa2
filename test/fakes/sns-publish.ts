import { randomUUID } from 'node:crypto';
import { AwsRefusal } from './aws-refusal.ts';
import { accountOf, type Operation } from './operation.ts';
import { createQueryResponse, readQueryForm } from './query-form.ts';

/** A message that a topic took. */
export interface PublishedMessage {
  readonly messageId: string;
  readonly topicArn: string;
  readonly subject: string | undefined;
  readonly message: string;
}

const NAMESPACE = 'http://sns.amazonaws.com/doc/2010-03-31/';
const TOPIC_ARN = /^arn:aws[a-z-]*:sns:([a-z0-9-]+):(\d{12}):[A-Za-z0-9_-]{1,256}$/;
const KNOWN = ['TopicArn', 'Subject', 'Message'];

// https://docs.aws.amazon.com/sns/latest/api/API_Publish.html; where a subject may be longer than ASCII allows, email is not.
const MAX_MESSAGE_BYTES = 262_144;
const SUBJECT = /^[\x21-\x7e][\x20-\x7e]{0,99}$/;

function invalid(parameter: string, why: string): AwsRefusal {
  return new AwsRefusal(400, 'InvalidParameter', `Invalid parameter: ${parameter} Reason: ${why}`, {
    violation: true,
  });
}

/** Publish to a topic, without attributes: to the topics in the state, which those of their own account may use. */
export const PUBLISH: Operation = {
  name: 'Publish',
  service: 'sns',
  protocol: 'query',
  namespace: NAMESPACE,
  signed: true,
  region(state, request) {
    const arn = new URLSearchParams(request.body.toString()).get('TopicArn') ?? '';
    return TOPIC_ARN.exec(arn)?.[1] ?? state.region;
  },
  prepare(state, call) {
    const form = readQueryForm(call, '2010-03-31', name => KNOWN.includes(name));
    const topicArn = form.get('TopicArn') ?? '';
    const account = TOPIC_ARN.exec(topicArn)?.[2];
    if (account === undefined) throw invalid('TopicArn', `'${topicArn}' is not the ARN of a topic`);
    const subject = form.get('Subject');
    if (subject !== undefined && !SUBJECT.test(subject))
      throw invalid(
        'Subject',
        'it must have 1 to 100 ASCII characters, without line breaks or control characters',
      );
    const message = form.get('Message') ?? '';
    const bytes = Buffer.byteLength(message);
    if (bytes < 1) throw invalid('Message', 'Empty message');
    if (bytes > MAX_MESSAGE_BYTES) throw invalid('Message', 'Message too long');
    return () => {
      if (account !== accountOf(call))
        throw new AwsRefusal(
          403,
          'AuthorizationError',
          `User: ${call.caller?.key.arn} is not authorized to perform: SNS:Publish on resource: ${topicArn}`,
        );
      if (!state.topics.has(topicArn)) throw new AwsRefusal(404, 'NotFound', 'Topic does not exist');
      const messageId = randomUUID();
      state.published.push({ messageId, topicArn, subject, message });
      const result = `<MessageId>${messageId}</MessageId>`;
      return createQueryResponse({
        action: 'Publish',
        namespace: NAMESPACE,
        result,
        requestId: call.requestId,
      });
    };
  },
};
