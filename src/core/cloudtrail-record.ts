import { readArn, roleNameOf } from './arn.ts';
import type { Actor, Change, RoleChain, StackCall } from './change.ts';
import { readActor, serviceName } from './cloudtrail-actor.ts';
import { type Fields, fieldsOf, isErrorCode, textOf } from './cloudtrail-fields.ts';
import { functionKey, layerKey, stackKey } from './component-key.ts';
import type { NameTest } from './name-pattern.ts';
import { describeTime, readTime } from './record-time.ts';

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
 * AssumeRole calls of sessions chains; all else is left out: failed calls, reads, dry runs and data events. Of the rest, what cannot be
 * read is told as `unread`: what is no record, and records without a source, a name, a time with an offset, or an account.
 */
export function createRecordReader(
  { services, isHumanRole }: RecordInterests,
  sink: EvidenceSink,
): (record: unknown) => void {
  const wanted = new Set(services);
  const actorOf = createActorReader(isHumanRole);
  // The same few names come again and again.
  const serviceOf = remembered(sourceName);
  const actionOf = remembered(actionName);
  return value => {
    const record = fieldsOf(value);
    const tell = (problem: string): void => sink.unread?.({ id: textOf(record['eventID']), problem });
    if (record !== value) tell('is no JSON object');
    if (record !== value || isErrorCode(record['errorCode'])) return;
    const service = serviceOf(textOf(record['eventSource']) ?? '');
    const action = actionOf(textOf(record['eventName']) ?? '');
    const time = readTime(record['eventTime']);
    if (service === 'sts') {
      const accessKeyId = issuedKey(record, action);
      const caller = accessKeyId === undefined ? undefined : actorOf(record);
      // Services assume roles all day long; only a session's call leads on to a deploy.
      if (accessKeyId !== undefined && caller?.session !== undefined) {
        if (time === undefined) tell(describeTime(record['eventTime']));
        else sink.chain({ time, caller, accessKeyId });
      }
    }
    if ((service !== '' && !wanted.has(service)) || !isWrite(record, action)) return;
    const lacks = lackOf(service, action);
    if (lacks !== undefined || time === undefined) {
      tell(lacks ?? describeTime(record['eventTime']));
      return;
    }
    const change = toChange(record, { service, action, time, actor: actorOf(record) });
    // Nothing ties it to the deploys of its account, but it is a change all the same.
    if (change.account === '') tell('has no account');
    sink.change(change);
  };
}

function lackOf(service: string, action: string): string | undefined {
  if (service === '') return 'has no eventSource';
  return action === '' ? 'has no eventName' : undefined;
}

/** `lambda` of `lambda.amazonaws.com`, in China as well, however somebody has spelt it. */
function sourceName(eventSource: string): string {
  return serviceName(
    eventSource
      .trim()
      .toLowerCase()
      .replace(/\.com\.cn$/, '.com'),
  );
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
  const { readOnly, managementEvent } = record;
  const category = textOf(record['eventCategory']);
  // Calls of functions are data events, and no reads either.
  if (managementEvent === false || (category !== undefined && category !== 'Management')) return false;
  if (fieldsOf(record['requestParameters'])['dryRun'] === true) return false;
  return typeof readOnly === 'boolean' ? !readOnly : !READS.test(action);
}

function toChange(
  record: Fields,
  { service, action, time, actor }: Pick<Change, 'service' | 'action' | 'time' | 'actor'>,
): Change {
  const asked = fieldsOf(record['requestParameters']);
  const answered = fieldsOf(record['responseElements']);
  const stack = service === 'cloudformation' ? readStackCall(asked, answered) : undefined;
  // Every field by its name: spreading an object into one with further fields takes ten times as long.
  return {
    id: textOf(record['eventID']) ?? '',
    time,
    account: textOf(record['recipientAccountId']) ?? actor.account ?? '',
    region: textOf(record['awsRegion']) ?? '',
    service,
    action,
    component: stack === undefined ? componentOf(service, record) : `stack:${stack.name ?? '?'}`,
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

function componentOf(service: string, record: Fields): string {
  const asked = fieldsOf(record['requestParameters']);
  const answered = fieldsOf(record['responseElements']);
  const found =
    service === 'lambda'
      ? (firstKey([answered['functionName'], asked['functionName'], answered['functionArn']], functionKey) ??
        firstKey([answered['layerArn'], asked['layerName']], layerKey) ??
        taggedKey(textOf(asked['resource']) ?? resourceOf(record)))
      : undefined;
  return found ?? `${service}:${nameOf(service, record) ?? '?'}`;
}

/** Tags are set on ARNs of functions, layers and event source mappings alike. */
function taggedKey(arn: string | undefined): string | undefined {
  if (arn === undefined) return undefined;
  return arn.includes(':layer:') ? layerKey(arn) : functionKey(arn);
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

// In the order in which they tell: `roleName` says more of AttachRolePolicy than `policyArn`.
const NAMES = /[nN]ame$/;
const IDS = /(?:^id|Id)$/;
const ARNS = /(?:^arn|Arn|ARN)$/;

/** What names the thing in a call to a service that we know nothing of. */
function nameOf(service: string, record: Fields): string | undefined {
  const asked = fieldsOf(record['requestParameters']);
  const firstOf = (form: RegExp): string | undefined => {
    const key = Object.keys(asked).find(each => form.test(each) && textOf(asked[each]) !== undefined);
    return key === undefined ? undefined : textOf(asked[key]);
  };
  const named =
    // Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html (service)
    (service === 'ecs' ? textOf(asked['service']) : undefined) ??
    firstOf(NAMES) ??
    resourceOf(record) ??
    firstOf(IDS) ??
    firstOf(ARNS);
  return named?.startsWith('arn:') ? named.split(/[/:]/).findLast(part => part !== '') : named;
}

/** The ARN of the first resource that the record itself names. */
function resourceOf(record: Fields): string | undefined {
  const resources = Array.isArray(record['resources']) ? record['resources'] : [];
  return firstKey(
    resources.map(each => fieldsOf(each)['ARN']),
    arn => readArn(arn)?.text,
  );
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
