import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { parseTopicArn } from '../../core/base/arn.ts';
import { MAX_RATE } from '../../core/delivery/rate.ts';
import { cutText, type Notice, type SendNotice } from '../../core/findings/notice.ts';
import { PUBLISH } from '../answers/shapes.ts';
import type { ConnectionOptions } from '../client/connection.ts';
import { openService } from '../client/service-client.ts';

/** Source of both limits: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
const LONGEST_SUBJECT = 99;
/** Bytes of UTF-8. */
const LARGEST_MESSAGE = 262_144;

/** Which topic is published to, and how. */
export interface SnsNoticeOptions extends ConnectionOptions {
  /** ARN of a standard topic; its Region says where the request goes. */
  readonly topicArn: string;
}

/**
 * Makes a way to tell people by an SNS topic. What is too long for SNS is cut.
 *
 * @throws DeployMarkerError ARN_INVALID
 */
export function createSnsNotice(options: SnsNoticeOptions): SendNotice {
  const topic = parseTopicArn(options.topicArn);
  const rate = options.maxRate ?? MAX_RATE.default;
  const { client, send } = openService(SNSClient, { ...options, region: topic.region }, rate);
  return async (notice, signal) => {
    const command = new PublishCommand({
      TopicArn: topic.text,
      Subject: toSubject(notice),
      Message: cutText(notice.text, text => Buffer.byteLength(text) <= LARGEST_MESSAGE),
    });
    try {
      await send({
        operation: 'Publish',
        signal,
        shape: PUBLISH,
        send: settings => client.send(command, settings),
      });
    } finally {
      client.destroy();
    }
  };
}

/** A subject is ASCII in one line and does not begin with a blank; what else there is becomes `?`. */
function toSubject({ subject }: Notice): string {
  const ascii = subject
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[^\x20-\x7e]/gu, '?');
  return ascii.length > LONGEST_SUBJECT ? `${ascii.slice(0, LONGEST_SUBJECT - 3)}...` : ascii;
}
