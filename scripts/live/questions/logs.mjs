import { setTimeout as sleep } from 'node:timers/promises';
import * as logs from '@aws-sdk/client-cloudwatch-logs';
import { asDocumented, differs, found, judgeRefusal, notAsked, refusalOf, tellOutcome } from '../answer.mjs';

const DAY_MS = 86_400_000;
const AT_ONCE = 30;
/** A stream of our own, so that no marker is in what the questions do. */
const STREAM = 'probe';
const LONGEST_MS = 60_000;
const POLL_MS = 1000;

async function putEvent({ aws, names }, timestamp, message) {
  const stream = { logGroupName: names.logGroup, logStreamName: STREAM };
  await refusalOf(aws.logs.send(new logs.CreateLogStreamCommand(stream)));
  return aws.logs.send(new logs.PutLogEventsCommand({ ...stream, logEvents: [{ timestamp, message }] }));
}

async function filterOnce({ aws, names }, filterPattern) {
  const pages = { all: 0, empty: 0, events: 0 };
  const input = { logGroupName: names.logGroup, filterPattern, startTime: Date.now() - DAY_MS };
  for await (const { events = [] } of logs.paginateFilterLogEvents({ client: aws.logs }, input)) {
    pages.all += 1;
    pages.events += events.length;
    if (events.length === 0) pages.empty += 1;
  }
  return pages;
}

/** What CloudWatch Logs does with what is old, with filters and with deletions. */
export const LOGS_QUESTIONS = [
  {
    about: 'PutLogEvents of an event that is 15 days old',
    documented: 'HTTP 200, and `rejectedLogEventsInfo`',
    needs: ['logs'],
    async ask(scene) {
      const { rejectedLogEventsInfo } = await putEvent(scene, Date.now() - 15 * DAY_MS, 'old');
      const told = JSON.stringify(rejectedLogEventsInfo);
      return rejectedLogEventsInfo === undefined ? differs('200, and nothing said') : asDocumented(told);
    },
  },
  {
    about: 'FilterLogEvents with a JSON pattern: when an event is found, and in which pages',
    documented: 'delay not said; empty pages with a nextToken are normal',
    needs: ['logs'],
    async ask(scene) {
      const start = Date.now();
      await putEvent(scene, start, JSON.stringify({ probe: scene.names.run }));
      for (;;) {
        const { all, empty, events } = await filterOnce(scene, `{ $.probe = "${scene.names.run}" }`);
        const seconds = ((Date.now() - start) / 1000).toFixed(1);
        if (events > 0) return found(`after ${seconds} s, in ${all} pages, of which ${empty} were empty`);
        if (Date.now() - start > LONGEST_MS) return notAsked(`it was not found within ${seconds} s`);
        await sleep(POLL_MS, undefined, { signal: scene.signal });
      }
    },
  },
  {
    about: `${AT_ONCE} calls of FilterLogEvents at once`,
    documented: 'a few a second; ThrottlingException beyond',
    needs: ['logs'],
    async ask({ aws, names }) {
      const command = new logs.FilterLogEventsCommand({ logGroupName: names.logGroup, limit: 1 });
      const calls = Array.from({ length: AT_ONCE }, () => refusalOf(aws.impatient.logs.send(command)));
      const codes = (await Promise.all(calls)).flatMap(refusal => refusal?.name ?? []);
      return found([`${codes.length} were refused`, ...new Set(codes)].join(', '));
    },
  },
  {
    about: 'DeleteLogStream in a group with deletion protection',
    documented: '"blocks all deletion operations"; of streams nothing is said',
    needs: ['logs'],
    async ask(scene) {
      await putEvent(scene, Date.now(), 'to be deleted');
      const stream = { logGroupName: scene.names.logGroup, logStreamName: STREAM };
      const refusal = await refusalOf(scene.aws.logs.send(new logs.DeleteLogStreamCommand(stream)));
      return tellOutcome(refusal, 'the stream was deleted');
    },
  },
  // The last one, since the group may be gone after it.
  {
    about: 'DeleteLogGroup of a group with deletion protection',
    documented: 'it is refused',
    needs: ['logs'],
    async ask({ aws, names }) {
      const group = { logGroupName: names.logGroup };
      const refusal = await refusalOf(aws.logs.send(new logs.DeleteLogGroupCommand(group)));
      return judgeRefusal(refusal, /^(?!AccessDenied)/, 'the group was deleted');
    },
  },
];
