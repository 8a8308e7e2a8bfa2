import { roleNameOf } from './arn.ts';
import type { Actor, Change, RoleChain, StackCall } from './change.ts';
import { createThingReader, type ThingReader } from './changed-things.ts';
import { readActor, serviceName } from './cloudtrail-actor.ts';
import { type Fields, fieldsOf, textOf } from './cloudtrail-fields.ts';
import type { NameTest } from './name-pattern.ts';
import { stackKey } from './services/code-names.ts';

// `UpdateFunctionCode20150331v2` is the API UpdateFunctionCode.
// Source: https://docs.aws.amazon.com/lambda/latest/dg/logging-using-cloudtrail.html
const DATE_AND_VERSION = /\d{8}(?:v\d+)?$/;
const READS = /^(?:BatchGet|Describe|Detect|Estimate|Get|Head|List|Lookup|Search|Test|Validate)/;

/** What is wanted of CloudTrail's records. */
export interface RecordInterests {
  /** Services by the names that change records have, for example `lambda`. */
  readonly services: readonly string[];
  readonly isHumanRole: NameTest;
}

/** Takes what records tell. */
export interface EvidenceSink {
  change(change: Change): void;
  chain(chain: RoleChain): void;
}

/** The API's name without the date and version that CloudTrail puts behind some. */
export function actionName(eventName: string): string {
  return eventName.replace(DATE_AND_VERSION, '');
}

/**
 * Makes a reader of CloudTrail's records, wherever they come from. Successful writes of the services become changes,
 * AssumeRole calls of sessions chains; all else is left out: failed calls, reads, dry runs, data events, and what is no record.
 */
export function createRecordReader(
  { services, isHumanRole }: RecordInterests,
  sink: EvidenceSink,
): (record: unknown) => void {
  const wanted = new Set(services);
  const actorOf = createActorReader(isHumanRole);
  const thingsOf = createThingReader();
  // The same few names come again and again.
  const serviceOf = remembered(serviceName);
  const actionOf = remembered(actionName);
  return value => {
    const record = fieldsOf(value);
    const service = serviceOf(textOf(record['eventSource']) ?? '');
    const action = actionOf(textOf(record['eventName']) ?? '');
    const time = Date.parse(textOf(record['eventTime']) ?? '');
    const failed = record['errorCode'] !== undefined && record['errorCode'] !== null;
    if (failed || action === '' || Number.isNaN(time)) return;
    if (service === 'sts') {
      const accessKeyId = issuedKey(record, action);
      const caller = accessKeyId === undefined ? undefined : actorOf(record);
      // Services assume roles all day long; only a session's call leads on to a deploy.
      if (accessKeyId !== undefined && caller?.session !== undefined)
        sink.chain({ time, caller, accessKeyId });
    }
    if (wanted.has(service) && isWrite(record, action)) {
      sink.change(toChange(record, { service, action, time, actor: actorOf(record) }, thingsOf));
    }
  };
}

/** Thousands of records have the same actor; one object stands for all of them. */
function createActorReader(isHumanRole: NameTest): (record: Fields) => Actor {
  const known = new Map<string, Actor>();
  return record => {
    const { type, arn, accessKeyId, invokedBy } = fieldsOf(record['userIdentity']);
    const address = textOf(record['sourceIPAddress'])?.endsWith('.com') ? record['sourceIPAddress'] : '';
    // Without an ARN there is more to tell actors apart by.
    const key = typeof arn === 'string' ? `${type} ${arn} ${accessKeyId} ${invokedBy} ${address}` : undefined;
    const found = key === undefined ? undefined : known.get(key);
    if (found !== undefined) return found;
    const actor = readActor(record, isHumanRole);
    if (key !== undefined) known.set(key, actor);
    return actor;
  };
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
  const credentials = fieldsOf(fieldsOf(record['responseElements'])['credentials']);
  return textOf(credentials['accessKeyId']);
}

function isWrite(record: Fields, action: string): boolean {
  const { readOnly, managementEvent, eventCategory } = record;
  // Calls of functions are data events, and no reads either.
  if (managementEvent === false || (typeof eventCategory === 'string' && eventCategory !== 'Management'))
    return false;
  if (fieldsOf(record['requestParameters'])['dryRun'] === true) return false;
  return typeof readOnly === 'boolean' ? !readOnly : !READS.test(action);
}

function toChange(
  record: Fields,
  { service, action, time, actor }: Pick<Change, 'service' | 'action' | 'time' | 'actor'>,
  thingsOf: ThingReader,
): Change {
  const asked = fieldsOf(record['requestParameters']);
  const answered = fieldsOf(record['responseElements']);
  const stack = service === 'cloudformation' ? readStackCall(asked, answered) : undefined;
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
    version: service === 'lambda' ? versionOf(action, asked, answered) : undefined,
  };
}

function readStackCall(asked: Fields, answered: Fields): StackCall | undefined {
  const name = firstKey([answered['stackId'], asked['stackName']], stackKey)?.slice('stack:'.length);
  const changeSet = [answered['id'], asked['changeSetName']]
    .map(textOf)
    .find(text => text?.includes(':changeSet/'));
  const role = textOf(asked['roleARN']);
  if (name === undefined && changeSet === undefined) return undefined;
  return { name, changeSet, serviceRole: role && roleNameOf(role) };
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
function versionOf(action: string, asked: Fields, answered: Fields): string | undefined {
  if (action === 'UpdateAlias' || action === 'CreateAlias') {
    const weights = fieldsOf(fieldsOf(asked['routingConfig'])['additionalVersionWeights']);
    return Object.keys(weights)[0] ?? textOf(asked['functionVersion']);
  }
  const version = textOf(answered['version']);
  return version === '$LATEST' ? undefined : version;
}
