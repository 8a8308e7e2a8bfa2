import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { GetQueryResultsCommand, StartQueryCommand } from '@aws-sdk/client-cloudtrail';
import {
  asDocumented,
  describe,
  differs,
  found,
  isDenial,
  notAsked,
  refusalOf,
  tellOutcome,
} from '../answer.mjs';
import { makeChannel, nowhere } from '../lake.mjs';

const POLL_MS = 2000;
const LATE_MS = 20_000;
const EVENT_NAME = 'DeployMarkerLive';

const sha256 = text => createHash('sha256').update(text, 'utf8').digest('base64');
const toSeconds = ms => new Date(ms).toISOString().slice(0, 19);
const inDays = days => `${toSeconds(Date.now() + days * 86_400_000)}Z`;

/** An event that has all that is documented as required, and nothing else but what is given. */
function toEntry({ account }, fields = {}, more = {}) {
  const eventData = JSON.stringify({
    version: '1.0',
    UID: randomUUID(),
    userIdentity: { type: 'CustomUserIdentity', principalId: 'deploy-marker-live' },
    eventSource: 'deploymarker.live',
    eventName: EVENT_NAME,
    eventTime: inDays(0),
    recipientAccountId: account,
    ...fields,
  });
  return { id: randomUUID(), eventData, eventDataChecksum: sha256(eventData), ...more };
}

const TAKEN = 'taken';
const MISSING = 'FieldNotFound';
/** How an event differs from a whole one; with what its answer should begin, where that is documented; what else the entry has. */
const EVENTS = {
  'what is required, nothing else': [{}, TAKEN],
  'without version': [{ version: undefined }, MISSING],
  'without UID': [{ UID: undefined }, MISSING],
  'without userIdentity': [{ userIdentity: undefined }, MISSING],
  'without userIdentity.type': [{ userIdentity: { principalId: 'a' } }, MISSING],
  'without userIdentity.principalId': [{ userIdentity: { type: 'a' } }, MISSING],
  'without eventSource': [{ eventSource: undefined }, MISSING],
  'without eventName': [{ eventName: undefined }, MISSING],
  'without eventTime': [{ eventTime: undefined }, MISSING],
  'without recipientAccountId': [{ recipientAccountId: undefined }, MISSING],
  'recipientAccountId of another account': [{ recipientAccountId: '000000000000' }, 'InvalidRecipient'],
  'without a checksum': [{}, TAKEN, { eventDataChecksum: undefined }],
  'a checksum that is wrong': [{}, 'InvalidChecksum', { eventDataChecksum: sha256('other') }],
  'eventTime with milliseconds': [{ eventTime: inDays(0).replace('Z', '.123Z') }],
  'eventTime with an offset': [{ eventTime: inDays(0).replace('Z', '+00:00') }],
  'eventTime a day ahead': [{ eventTime: inDays(1) }],
  'eventTime a year ago': [{ eventTime: inDays(-365) }],
  'a field that the schema has not': [{ stranger: 'a' }],
  'requestParameters of 101,000 bytes: are kB 1,000 or 1,024?': [
    { requestParameters: { a: 'x'.repeat(100_992) } },
  ],
  'numbers and objects in requestParameters': [{ requestParameters: { n: 1, deep: { b: true } } }],
};

const ofEvent = ([about, [fields, documented, more]]) => ({
  about: `PutAuditEvents: ${about}`,
  documented: documented ?? 'not said',
  needs: ['channel'],
  async ask(scene) {
    const { failed = [], successful = [] } = await scene.aws.putRaw(scene.has.channel, [
      toEntry(scene, fields, more),
    ]);
    if (failed.length + successful.length !== 1) throw new Error('the answer does not name the event');
    const text = failed.length === 0 ? TAKEN : `${failed[0].errorCode}: ${failed[0].errorMessage}`;
    if (documented === undefined) return found(text);
    return (text.startsWith(documented) ? asDocumented : differs)(text);
  },
});

/** Runs a statement over the store. @returns rows as objects @throws also what a query ends with that fails */
async function runQuery({ aws, has, started, signal }, statement) {
  // Bounded, since a query is billed by what it scans.
  const recent = `eventTime > timestamp '${toSeconds(started - 60_000).replace('T', ' ')}'`;
  const QueryStatement = statement
    .replaceAll('STORE', has.store.split('/').at(-1))
    .replaceAll('RECENT', recent);
  const { QueryId } = await aws.cloudtrail.send(new StartQueryCommand({ QueryStatement }));
  for (;;) {
    const answer = await aws.cloudtrail.send(new GetQueryResultsCommand({ QueryId }));
    if (answer.QueryStatus === 'FINISHED')
      return answer.QueryResultRows.map(row => Object.assign({}, ...row));
    if (!/QUEUED|RUNNING/.test(answer.QueryStatus))
      throw new Error(`${answer.QueryStatus}: ${answer.ErrorMessage}`);
    await sleep(POLL_MS, undefined, { signal });
  }
}

const RECENT_EVENTS = '(SELECT eventID, eventTime FROM STORE WHERE RECENT)';
const STATEMENTS = {
  'less than seven days, which a page calls the least': 'SELECT count(*) AS n FROM STORE WHERE RECENT',
  WITH: 'WITH m AS (SELECT eventID FROM STORE WHERE RECENT) SELECT count(*) AS n FROM m',
  split_part: "SELECT split_part(eventData.uid, '-', 1) AS part FROM STORE WHERE RECENT LIMIT 1",
  INTERVAL: "SELECT eventTime - INTERVAL '10' MINUTE AS t FROM STORE WHERE RECENT LIMIT 1",
  'the id of the store in quotes': 'SELECT eventID FROM "STORE" WHERE RECENT LIMIT 1',
  'the column errormssage': 'SELECT eventData.errormssage AS e FROM STORE WHERE RECENT LIMIT 1',
  'LEFT JOIN on an inequality': `SELECT a.eventID AS x, b.eventID AS y FROM ${RECENT_EVENTS} AS a LEFT JOIN ${RECENT_EVENTS} AS b ON b.eventTime < a.eventTime LIMIT 1`,
};

const ofStatement = ([about, statement]) => ({
  about: `Lake SQL: ${about}`,
  documented: '"all valid Trino SELECT"; no sample',
  needs: ['store'],
  async ask(scene) {
    try {
      return found(`taken: ${JSON.stringify((await runQuery(scene, statement))[0] ?? 'no rows')}`);
    } catch (error) {
      if (scene.signal.aborted || isDenial(error)) throw error;
      return found(describe(error));
    }
  },
});

/** What a closed account answers, what is enforced of an event, and what Lake's SQL takes. */
export const LAKE_QUESTIONS = [
  {
    about: 'CreateEventDataStore in this account',
    documented: 'closed to new customers since 2026-05-31; with which answer is not said',
    needs: ['try of Lake'],
    ask: async ({ has }) => tellOutcome(has['try of Lake'].store.refusal, 'it was made: Lake is open'),
  },
  {
    about: 'CreateChannel in this account; without a store, into one that is not there',
    documented: 'of a closed account not said',
    needs: ['try of Lake'],
    ask: async ({ has }) => tellOutcome(has['try of Lake'].channel.refusal, 'it was made'),
  },
  {
    about: 'PutAuditEvents into a channel that is not there',
    documented: 'ChannelNotFound; of a closed account not said',
    ask: async scene =>
      tellOutcome(
        await refusalOf(scene.aws.putRaw(nowhere(scene, 'channel'), [toEntry(scene)])),
        'it was taken',
      ),
  },
  {
    about: 'a second channel of source Custom',
    documented: '"one channel is allowed per source"; the quota is 25 a Region',
    needs: ['try of Lake', 'channel'],
    ask: async scene =>
      tellOutcome(
        (await makeChannel(scene, scene.names.secondChannel, scene.has.store)).refusal,
        'it was made',
      ),
  },
  ...Object.entries(EVENTS).map(ofEvent),
  ...Object.entries(STATEMENTS).map(ofStatement),
];

/** Waits for the events above, for Lake takes minutes. */
export const LATE_LAKE_QUESTIONS = [
  {
    about: 'Lake SQL: how eventTime and nested values are stored',
    documented: 'eventData.eventTime is a string; map<string,string>',
    needs: ['channel', 'store'],
    async ask(scene) {
      const value = name => `element_at(eventData.requestParameters, '${name}') AS ${name}`;
      const fields = `eventTime AS t, eventData.eventTime AS own, ${value('n')}, ${value('deep')}`;
      const statement = `SELECT ${fields} FROM STORE WHERE eventData.eventName = '${EVENT_NAME}' AND RECENT`;
      for (;;) {
        const rows = await runQuery(scene, statement);
        if (rows.length > 0) return found(JSON.stringify(rows.find(({ n }) => Boolean(n)) ?? rows[0]));
        if (Date.now() > scene.started + scene.waitMs) return notAsked('no event was there in time');
        await sleep(LATE_MS, undefined, { signal: scene.signal });
      }
    },
  },
];
