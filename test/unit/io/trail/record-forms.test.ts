import { describe, expect, test } from 'vitest';
import { openForm } from '../../../../src/io/trail/record-forms.ts';

const RECORD = { eventSource: 'lambda.amazonaws.com', eventName: 'UpdateFunctionCode', eventID: 'e-1' };

function open(value: unknown) {
  const taken: unknown[] = [];
  const refused: string[] = [];
  const hints: (string | undefined)[] = [];
  let pages = 0;
  openForm(value, {
    take: record => taken.push(record),
    refuse({ what, hint }) {
      refused.push(what);
      hints.push(hint);
    },
    cut() {
      pages += 1;
    },
  });
  return { taken, refused, hints, pages };
}

describe('openForm', () => {
  test('an EventBridge event is its record, with what only the envelope says', () => {
    const event = {
      'detail-type': 'AWS API Call via CloudTrail',
      account: '111122223333',
      region: 'eu-west-1',
    };
    const detail = { ...RECORD, awsRegion: 'us-east-1' };
    expect(open({ ...event, detail }).taken).toEqual([{ recipientAccountId: '111122223333', ...detail }]);
    const whole = { ...detail, recipientAccountId: '444455556666' };
    expect(open({ ...event, detail: whole }).taken).toEqual([whole]);
  });

  test.each([
    [{ Events: [{ CloudTrailEvent: JSON.stringify(RECORD) }], NextToken: 'x' }],
    [{ events: [{ message: JSON.stringify(RECORD) }], nextToken: 'x' }],
    [{ events: [{ message: JSON.stringify(RECORD) }], nextForwardToken: 'f/1' }],
  ])('%j is one page of several', page => expect(open(page)).toMatchObject({ taken: [RECORD], pages: 1 }));

  test.each<[string, unknown, RegExp]>([
    ['a marker', { uid: 'u', deploy_id: 'd' }, /--markers/],
    ['a digest of the trail, which holds no records', { digestStartTime: 'x' }, /CloudTrail\//],
    ['an Insights event', { eventID: 'e', eventCategory: 'Insight', insightDetails: {} }, /CloudTrail\//],
    ['of AWS Config', { fileVersion: '1.0', configSnapshotId: 'x', configurationItems: [] }, /CloudTrail\//],
    ['an aggregated event', { eventId: 'a', eventCategory: 'Aggregated' }, /CloudTrail\//],
    [
      'an EventBridge event whose .detail is no record of CloudTrail',
      { 'detail-type': 'Scheduled Event', detail: {} },
      /jq \.detail/,
    ],
    [
      'an entry of lookup-events without a CloudTrailEvent that can be read',
      { EventTime: 'x', EventName: 'UpdateFunctionCode' },
      /--query/,
    ],
    [
      'a row of a query, whose names and values are not those of the records',
      { eventname: 'UpdateFunctionCode', eventsource: 'lambda.amazonaws.com' },
      /lake:/,
    ],
    ['a message that holds no record of CloudTrail', { message: 'START' }, /one a line/],
  ])('%s is told, with a step that fits', (what, value, hint) => {
    expect(open(value)).toMatchObject({ taken: [], refused: [what], hints: [expect.stringMatching(hint)] });
  });

  test.each([
    ['a text that holds no record', 'text'],
    ['a list that holds no record', ['2026-06-01', 1]],
    ['not one of CloudTrail', 7],
    ['an event of aws:s3, not of CloudTrail', { eventSource: 'aws:s3', eventName: 'x', eventID: 'y' }],
  ])('%s is told', (what, value) => expect(open(value)).toMatchObject({ taken: [], refused: [what] }));

  test.each([
    [{ Records: [], records: [RECORD] }],
    [{ Records: [], more: { Records: [RECORD] } }],
    [{ Events: [], CloudTrailEvent: JSON.stringify(RECORD) }],
    [{ events: [], pages: [[{ x: { detail: RECORD } }]] }],
  ])('records beside the list that is read are refused: %j', value => {
    expect(open(value)).toMatchObject({ taken: [], refused: [expect.stringMatching(/^beside the list/)] });
  });

  test('what else stands beside a list is no record', () => {
    const page = { events: [RECORD], searchedLogStreams: [{ logStreamName: 'a' }], text: '{"a":1}' };
    expect(open(page)).toMatchObject({ taken: [RECORD], refused: [] });
  });

  test('a record with a list of others is read, and so are these', () => {
    const outer = { ...RECORD, Records: [{ ...RECORD, eventID: 'e-2' }] };
    expect(open(outer).taken).toEqual([outer, { ...RECORD, eventID: 'e-2' }]);
  });

  test('what is nested without end is told', () => {
    let text = JSON.stringify(RECORD);
    for (let depth = 0; depth < 8; depth += 1) text = JSON.stringify(text);
    expect(open(text).refused).toEqual(['nested too deeply']);
  });
});
