import { beforeEach, describe, expect, test } from 'vitest';
import { createSnsNotice } from '../../../../src/aws/sns/sns-notice.ts';
import { useAwsServer } from '../../../fakes/use-aws-server.ts';

const TOPIC = 'arn:aws:sns:ap-northeast-1:111122223333:deploys';
const NOTICE = { subject: 'audit: 2 new findings', text: 'lambda:a …\nlambda:b' };

const aws = useAwsServer();
beforeEach(() => {
  aws.server.state.topics.add(TOPIC);
});

const notify = (topicArn = TOPIC, notice = NOTICE, maxAttempts?: number) =>
  createSnsNotice({ topicArn, env: aws.server.env(), maxAttempts })(notice);

describe('a notice by SNS', () => {
  test('goes to the topic, in the Region of its ARN', async () => {
    await notify();
    expect(aws.server.state.published).toEqual([
      { messageId: expect.any(String), topicArn: TOPIC, subject: NOTICE.subject, message: NOTICE.text },
    ]);
  });

  test('is made to fit: the subject one line of ASCII, the message 262,144 bytes', async () => {
    await notify(TOPIC, { subject: ` größe\n${'x'.repeat(200)}`, text: 'é'.repeat(200_000) });
    const [published] = aws.server.state.published;
    expect(published?.subject).toMatch(/^gr\?\?e x{90}\.\.\.$/);
    expect(Buffer.byteLength(published?.message ?? '')).toBe(262_143);
    expect(published?.message.endsWith('é…')).toBe(true);
  });

  test('to a topic that is not there, or is closed, says so', async () => {
    await expect(notify(`${TOPIC}2`)).rejects.toMatchObject({
      code: 'NOTICE_REFUSED',
      hint: 'check Region, account and name in the topic ARN',
    });
    await expect(notify(TOPIC.replace('111122223333', '999988887777'))).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
      hint: 'allow sns:Publish on the topic',
    });
  });

  test('is tried again after a server error', async () => {
    aws.server.faults.add('Publish', { kind: 'error500' });
    await notify();
    expect(aws.server.state.published).toHaveLength(1);
    aws.server.faults.add('Publish', { kind: 'throttle' });
    await expect(notify(TOPIC, NOTICE, 1)).rejects.toMatchObject({ code: 'AWS_THROTTLED' });
  });

  test('to what is no topic is refused before anything is sent', () => {
    expect(() => createSnsNotice({ topicArn: `${TOPIC}.fifo` })).toThrow(
      expect.objectContaining({ code: 'ARN_INVALID' }),
    );
  });
});
