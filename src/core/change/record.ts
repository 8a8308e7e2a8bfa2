import { roleNameOf } from '../base/arn.ts';
import { type Fields, fieldsOf, isErrorCode, textOf } from '../base/fields.ts';
import type { NameTest } from '../base/pattern.ts';
import type { IdleCall } from '../no-change/idle-calls.ts';
import { createNoChangeTest } from '../no-change/no-change.ts';
import { chosenTest, type ServiceChoice } from '../services/choice.ts';
import { stackKey } from '../services/name-or-arn.ts';
import { serviceName } from './actor.ts';
import { createActorReader } from './actor-reader.ts';
import { answeredField, answerOf, lackOf, whyUntied, withoutTexts } from './brief-record.ts';
import type { Change, RoleChain, StackCall } from './change.ts';
import { createTimeReader, describeTime } from './record-time.ts';
import { createThingReader, type ThingReader } from './things.ts';

// `UpdateFunctionCode20150331v2` is UpdateFunctionCode: https://docs.aws.amazon.com/lambda/latest/dg/logging-using-cloudtrail.html
const DATE_AND_VERSION = /\d{8}(?:v\d+)?$/;
// TestFailover fails over: https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_TestFailover.html
const READS = /^(?:BatchGet|Describe|Detect|Estimate|Get|Head|List|Lookup|Search|Test(?!Fail)|Validate)/;

/** In the name of an endpoint, as some tools write it in the place of the service's own. */
const REGION_LABEL = /\.[a-z]{2}(?:-[a-z]+)+-\d$/;
/** Categories of events that are no calls which change a configuration. */
const NOT_MANAGEMENT = /^\s*(?:data|insight|network-?activity|aggregated)\s*$/i;

/** What is wanted of CloudTrail's records. */
export interface RecordInterests {
  /** Services by the names that change records have, for example `lambda`; or `all`. */
  readonly services: ServiceChoice;
  readonly isHumanRole: NameTest;
}

/** Takes what records tell. */
export interface EvidenceSink {
  /** @param asked the record's `requestParameters`, which may hold secrets */
  change(change: Change, asked: unknown): void;
  chain(chain: RoleChain): void;
  /** Is told of successful calls of the services that are no reads and change nothing all the same. */
  idle?(call: IdleCall): void;
  /** Any record that has a time, also a read or a failed call. It is called for each one. */
  record?(service: string, time: number, account: string, region: string): void;
  /** What may have been a change, and could not be read: an answer without it is not complete. */
  unread?(record: UnreadRecord): void;
}

/** A record that lacks what is needed. */
export interface UnreadRecord {
  /** Its `eventID`, if it has one. */
  readonly id: string | undefined;
  /** Follows the record's name, for example `has no eventName`. */
  readonly problem: string;
}

/** The API's name without the date and version that CloudTrail puts behind some. */
export function actionName(eventName: string): string {
  return eventName.replace(DATE_AND_VERSION, '');
}

/**
 * Makes a reader of CloudTrail's records, wherever they come from. Successful writes of the services become changes,
 * AssumeRole calls of sessions chains; failed calls, reads and data events are left out. Dry runs and other calls that change
 * nothing are told as such. Of the rest, what cannot be read is told as `unread`: what is no record, and records without a
 * source, a name, a time with an offset, or an account.
 *
 * @example
 * const read = createRecordReader(
 *   { services: ['lambda'], isHumanRole: () => false },
 *   { change: change => changes.push(change), chain: chain => chains.push(chain) },
 * );
 * for (const record of trail.Records) read(record);
 */
export function createRecordReader(
  { services, isHumanRole }: RecordInterests,
  sink: EvidenceSink,
): (record: unknown) => void {
  const isWanted = chosenTest(services);
  const changesNothing = createNoChangeTest();
  const actorOf = createActorReader(isHumanRole);
  const thingsOf = createThingReader();
  // The same few names come again and again.
  const serviceOf = remembered(sourceName);
  const actionOf = remembered(actionName);
  const timeOf = createTimeReader();
  const tell = (record: Fields, problem: string): void =>
    sink.unread?.({ id: textOf(record['eventID']), problem });
  return value => {
    const given = fieldsOf(value);
    if (given !== value) {
      tell(given, 'is no JSON object');
      return;
    }
    const record = withoutTexts(given);
    const service = serviceOf(textOf(record['eventSource']) ?? '');
    const action = actionOf(textOf(record['eventName']) ?? '');
    const time = timeOf(record['eventTime']);
    if (time !== undefined) {
      const account = textOf(record['recipientAccountId']) ?? '';
      sink.record?.(service, time, account, textOf(record['awsRegion']) ?? '');
    }
    if (isErrorCode(record['errorCode'])) return;
    if (service === 'sts') {
      const accessKeyId = issuedKey(record, action);
      const caller = accessKeyId === undefined ? undefined : actorOf(record);
      // Services assume roles all day long; only a session's call leads on to a deploy, or one in the console to a person.
      const leadsOn = caller?.session !== undefined || caller?.fromConsole === true;
      if (accessKeyId !== undefined && caller !== undefined && leadsOn) {
        if (time === undefined) tell(record, describeTime(record['eventTime']));
        else sink.chain({ time, caller, accessKeyId });
      }
    }
    if ((service !== '' && !isWanted(service)) || !isWrite(record, action)) return;
    const lacks = lackOf(service, action);
    if (lacks !== undefined || time === undefined) tell(record, lacks ?? describeTime(record['eventTime']));
    else if (changesNothing(service, action) || isDryRun(record)) sink.idle?.({ service, action, time });
    else {
      const change = toChange(record, { service, action, time, actor: actorOf(record) }, thingsOf);
      // Nothing ties it to a deploy, but it is a change all the same.
      const untied = whyUntied(record, change.account);
      if (untied !== undefined) tell(record, untied);
      sink.change(change, record['requestParameters']);
    }
  };
}

/** `lambda` of `lambda.amazonaws.com`, in China as well, and of a Region's endpoint, however somebody has spelt it. */
function sourceName(eventSource: string): string {
  const plain = eventSource
    .trim()
    .toLowerCase()
    .replace(/\.$/, '')
    .replace(/\.com\.cn$/, '.com');
  return serviceName(plain).replace(REGION_LABEL, '');
}

function remembered(read: (text: string) => string): (text: string) => string {
  const known = new Map<string, string>();
  return text => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const made = read(text);
    known.set(text, made);
    return made;
  };
}

function issuedKey(record: Fields, action: string): string | undefined {
  if (!action.startsWith('AssumeRole')) return undefined;
  const credentials = fieldsOf(answeredField(record, 'credentials'));
  return textOf(credentials['accessKeyId']);
}

function isWrite(record: Fields, action: string): boolean {
  const { readOnly, managementEvent } = record;
  const category = textOf(record['eventCategory']);
  // Calls of functions are data events, and no reads either.
  if (managementEvent === false) return false;
  if (category !== undefined && category !== 'Management' && NOT_MANAGEMENT.test(category)) return false;
  if (typeof readOnly === 'boolean') return !readOnly;
  // LookupEvents and tools that write tables tell it as a text.
  const told = textOf(readOnly)?.trim().toLowerCase();
  return told === 'false' || (told !== 'true' && !READS.test(action));
}

/** Services write the parameter as they please. */
function isDryRun(record: Fields): boolean {
  const { dryRun, DryRun } = fieldsOf(record['requestParameters']);
  return dryRun === true || dryRun === 'true' || DryRun === true || DryRun === 'true';
}

function toChange(
  record: Fields,
  { service, action, time, actor }: Pick<Change, 'service' | 'action' | 'time' | 'actor'>,
  thingsOf: ThingReader,
): Change {
  const asked = fieldsOf(record['requestParameters']);
  const stack = service === 'cloudformation' ? readStackCall(action, asked, answerOf(record)) : undefined;
  const things = stack === undefined ? thingsOf(service, action, record) : undefined;
  // Every field by its name: spreading an object into one with further fields takes ten times as long.
  return {
    id: textOf(record['eventID']) ?? '',
    time,
    account: textOf(record['recipientAccountId']) ?? actor.account ?? '',
    region: textOf(record['awsRegion']) ?? '',
    service,
    action,
    component: things === undefined ? `stack:${stack?.name ?? '?'}` : things[0],
    others: things !== undefined && things.length > 1 ? things.slice(1) : undefined,
    actor,
    stack,
    version: service === 'lambda' ? versionOf(action, asked, record) : undefined,
    // Source: https://docs.aws.amazon.com/waf/latest/APIReference/API_CreateWebACL.html (Scope)
    isGlobal: service === 'wafv2' && asked['scope'] === 'CLOUDFRONT' ? true : undefined,
    sharedId: textOf(record['sharedEventID']),
  };
}

function readStackCall(action: string, asked: Fields, answered: Fields): StackCall | undefined {
  const name = firstKey([answered['stackId'], asked['stackName']], stackKey)?.slice('stack:'.length);
  const changeSet = [answered['id'], asked['changeSetName']]
    .map(textOf)
    .find(text => text?.includes(':changeSet/'));
  const role = textOf(asked['roleARN']);
  if (name === undefined && changeSet === undefined) return undefined;
  return {
    name,
    changeSet,
    serviceRole: role && roleNameOf(role),
    changeSetName: changeSetNameOf(changeSet ?? textOf(asked['changeSetName'])),
    prepares: onlyPrepares(action, asked) ? true : undefined,
  };
}

/** The name in the ARN of a change set, or the text as it stands. */
function changeSetNameOf(text: string | undefined): string | undefined {
  return text === undefined ? undefined : (/:changeSet\/([^/]+)/.exec(text)?.[1] ?? text);
}

/**
 * A change set of a stack that is there changes nothing by itself, nor does it when it is thrown away. One of the type CREATE
 * makes a stack, and one of the type IMPORT may.
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html (ChangeSetType)
 */
function onlyPrepares(action: string, asked: Fields): boolean {
  if (action === 'DeleteChangeSet') return true;
  return action === 'CreateChangeSet' && (textOf(asked['changeSetType']) ?? 'UPDATE') === 'UPDATE';
}

function firstKey(
  values: readonly unknown[],
  toKey: (text: string) => string | undefined,
): string | undefined {
  for (const value of values) {
    const text = textOf(value);
    const key = text === undefined ? undefined : toKey(text);
    if (key !== undefined) return key;
  }
  return undefined;
}

/** The version that a call published, or that an alias now points to, if only in part. */
function versionOf(action: string, asked: Fields, record: Fields): string | undefined {
  if (action === 'UpdateAlias' || action === 'CreateAlias') {
    const weights = fieldsOf(fieldsOf(asked['routingConfig'])['additionalVersionWeights']);
    return Object.keys(weights)[0] ?? textOf(asked['functionVersion']);
  }
  const version = textOf(answeredField(record, 'version'));
  return version === '$LATEST' ? undefined : version;
}
