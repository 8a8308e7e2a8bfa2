// What event history has of the change that the run made. It comes some minutes late, so these are among the last questions.
import { setTimeout as sleep } from 'node:timers/promises';
import { LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { asDocumented, differs, found, notAsked, refusalOf } from '../answer.mjs';

/** Two lookups a second is the quota of LookupEvents, for whoever looks. */
const PACE_MS = 600;
const POLL_MS = 20_000;
const AT_ONCE = 6;

function toCommand({ started }, AttributeKey, AttributeValue, NextToken) {
  const StartTime = new Date(Math.floor(started / 1000) * 1000);
  return new LookupEventsCommand({
    LookupAttributes: [{ AttributeKey, AttributeValue }],
    StartTime,
    NextToken,
  });
}

/** All events of one attribute since the run began, whose request names what is given. */
async function lookUp(scene, key, value, named = scene.names.run) {
  const all = [];
  let token;
  do {
    await sleep(PACE_MS, undefined, { signal: scene.signal });
    const { Events = [], NextToken } = await scene.aws.cloudtrail.send(toCommand(scene, key, value, token));
    for (const event of Events) all.push({ ...event, record: JSON.parse(event.CloudTrailEvent ?? '{}') });
    token = NextToken;
  } while (token !== undefined);
  return all.filter(({ record }) => JSON.stringify(record.requestParameters ?? {}).includes(named));
}

/** Waits until event history has the change of the function. @returns its event and how late it was; undefined if it did not come in time */
export async function waitForChange(scene) {
  for (;;) {
    const events = await lookUp(scene, 'EventSource', 'lambda.amazonaws.com', scene.names.function);
    const event = events.find(({ EventName }) => EventName?.startsWith('UpdateFunctionConfiguration'));
    const seconds = Math.round((Date.now() - scene.has.change) / 1000);
    if (event !== undefined) return { event, seconds };
    if (Date.now() > scene.has.change + scene.waitMs) return undefined;
    scene.say(`event history has not yet seen the change, after ${seconds} s`);
    await sleep(POLL_MS, undefined, { signal: scene.signal });
  }
}

/** Only asked where the change was seen: silence says something then. */
const onceSeen = (about, documented, tell) => ({
  about,
  documented,
  needs: ['seen change'],
  ask: async scene => tell({ ...scene.has['seen change'].event, ...scene.has['seen change'] }, scene),
});

const hold = (isSo, text) => (isSo ? asDocumented : differs)(text);

const onBehalf =
  'the caller’s session, with `invokedBy` cloudformation.amazonaws.com; nobody says it of Lambda';

export const HISTORY_QUESTIONS = [
  onceSeen(
    'how late event history has a change',
    '"an average of about 5 minutes", not guaranteed',
    ({ seconds }) => found(`at most ${seconds} s, looked for every ${POLL_MS / 1000} s`),
  ),
  onceSeen(
    '`Username` in LookupEvents of an assumed role',
    '"user name or role name"',
    ({ Username }, { has }) => found(`${Username}, where the session is ${has.session.name}`),
  ),
  onceSeen('`userIdentity.userName` of an assumed role', 'not present', ({ record: { userIdentity } }) =>
    hold(userIdentity?.userName === undefined, userIdentity?.userName ?? 'not present'),
  ),
  onceSeen(
    'eventName of UpdateFunctionConfiguration',
    'UpdateFunctionConfiguration20150331v2',
    ({ EventName }) => hold(EventName === 'UpdateFunctionConfiguration20150331v2', EventName),
  ),
  onceSeen(
    'who changes a function through CloudFormation',
    onBehalf,
    ({ record: { userIdentity } }, { has }) => {
      const isSession = userIdentity?.arn?.endsWith(`/${has.session.name}`) === true;
      const text = `${userIdentity?.arn}, invokedBy ${userIdentity?.invokedBy}`;
      return hold(isSession && userIdentity.invokedBy === 'cloudformation.amazonaws.com', text);
    },
  ),
  onceSeen('spellings of ResourceName in the event of a function', 'not said', ({ Resources = [] }) =>
    found(
      Resources.map(({ ResourceType, ResourceName }) => `${ResourceType} ${ResourceName}`).join(', ') ||
        'none',
    ),
  ),
  onceSeen('LookupEvents by ResourceName: name and ARN', 'exact match', async (_event, scene) => {
    const { names, region, account, partition } = scene;
    const arn = `arn:${partition}:lambda:${region}:${account}:function:${names.function}`;
    const byName = await lookUp(scene, 'ResourceName', names.function);
    const byArn = await lookUp(scene, 'ResourceName', arn);
    return found(`${byName.length} events by its name, ${byArn.length} by its ARN`);
  }),
  onceSeen('LookupEvents by EventName without the suffix', 'nothing: exact match', async (_event, scene) => {
    const { length } = await lookUp(scene, 'EventName', 'UpdateFunctionConfiguration');
    return hold(length === 0, `${length} events`);
  }),
  onceSeen('values of parameters in the record of UpdateStack', 'keys only', async (_event, scene) => {
    const [update] = await lookUp(scene, 'EventName', 'UpdateStack');
    if (update === undefined) return notAsked('UpdateStack was not seen yet');
    const text = JSON.stringify(update.record.requestParameters.parameters) ?? 'no parameters';
    return hold(!text.includes(`changed-${scene.names.run}`), text);
  }),
  onceSeen('AssumeRole, by a Regional endpoint, in this Region', 'yes', async (_event, scene) => {
    const { length } = await lookUp(scene, 'EventName', 'AssumeRole', scene.names.probeRole);
    return hold(length > 0, `${length} events`);
  }),
  onceSeen(
    'PutLogEvents in event history',
    'no: a call of the data plane, or so we think',
    async (_event, scene) => {
      const { length } = await lookUp(scene, 'EventName', 'PutLogEvents');
      return found(`${length} events`);
    },
  ),
  {
    about: `${AT_ONCE} calls of LookupEvents at once`,
    documented: '2 a second; ThrottlingException beyond',
    async ask(scene) {
      const send = () =>
        refusalOf(scene.aws.impatient.cloudtrail.send(toCommand(scene, 'EventName', 'UpdateStack')));
      const refusals = (await Promise.all(Array.from({ length: AT_ONCE }, send))).filter(Boolean);
      const other = refusals.find(({ name }) => !/Throttl/.test(name));
      if (other !== undefined) throw other;
      return hold(refusals.length > 0, `${refusals.length} were refused`);
    },
  },
];
