import { append } from '../base/append.ts';
import { type Fields, fieldsOf, textOf } from '../base/fields.ts';
import type { NameTest } from '../base/pattern.ts';
import { isFromConsole, readActor } from './actor.ts';
import type { Actor } from './change.ts';

/** What a record tells of its caller, as long as it tells an ARN and no user of Identity Center. */
interface Told {
  readonly type: unknown;
  readonly accessKeyId: unknown;
  readonly invokedBy: unknown;
  readonly address: unknown;
  readonly isClicked: boolean;
}

interface KnownActor extends Told {
  readonly actor: Actor;
}

/** Most sessions have one key. Callers with more of them are looked up by a text, so that a list never gets long. */
const MOST_IN_LIST = 4;

/** Thousands of records have the same actor; one object stands for all of them. */
export function createActorReader(isHumanRole: NameTest): (record: Fields) => Actor {
  const byArn = new Map<string, KnownActor[]>();
  const byText = new Map<string, Actor>();
  const readByText = (key: string, record: Fields): Actor => {
    const found = byText.get(key);
    if (found !== undefined) return found;
    const actor = readActor(record, isHumanRole);
    byText.set(key, actor);
    return actor;
  };
  return record => {
    const identity = fieldsOf(record['userIdentity']);
    const { type, arn, accessKeyId, invokedBy, onBehalfOf } = identity;
    const address = textOf(record['sourceIPAddress'])?.endsWith('.com') ? record['sourceIPAddress'] : '';
    const told = { type, accessKeyId, invokedBy, address, isClicked: isFromConsole(record) };
    if (typeof arn !== 'string' || onBehalfOf !== undefined) {
      return readByText(JSON.stringify([told, arn, whatElse(record, identity)]), record);
    }
    const known = byArn.get(arn);
    for (const each of known ?? []) if (isSame(each, told)) return each.actor;
    if (known !== undefined && known.length >= MOST_IN_LIST) {
      return readByText(JSON.stringify([told, arn]), record);
    }
    const actor = readActor(record, isHumanRole);
    append(byArn, arn, { ...told, actor });
    return actor;
  };
}

function isSame(known: Told, told: Told): boolean {
  return (
    known.accessKeyId === told.accessKeyId &&
    known.type === told.type &&
    known.invokedBy === told.invokedBy &&
    known.address === told.address &&
    known.isClicked === told.isClicked
  );
}

/** What else tells actors apart whose ARN is missing, or not all there is. */
function whatElse({ eventType, eventSource }: Fields, identity: Fields): string {
  const { principalId, accountId, userName, onBehalfOf, sessionContext } = identity;
  return JSON.stringify([
    eventType,
    eventSource,
    principalId,
    accountId,
    userName,
    onBehalfOf,
    sessionContext,
  ]);
}
