import { type Fields, fieldsOf, textOf } from '../base/fields.ts';
import type { NameTest } from '../base/pattern.ts';
import { isFromConsole, readActor } from './actor.ts';
import type { Actor } from './change.ts';

/** Thousands of records have the same actor; one object stands for all of them. */
export function createActorReader(isHumanRole: NameTest): (record: Fields) => Actor {
  const known = new Map<string, Actor>();
  return record => {
    const identity = fieldsOf(record['userIdentity']);
    const { type, arn, accessKeyId, invokedBy, onBehalfOf } = identity;
    const address = textOf(record['sourceIPAddress'])?.endsWith('.com') ? record['sourceIPAddress'] : '';
    const clicked = isFromConsole(record) ? ' console' : '';
    const called = `${type} ${arn} ${accessKeyId} ${invokedBy} ${address}${clicked}`;
    const isTold = typeof arn === 'string' && onBehalfOf === undefined;
    const key = isTold ? called : `${called} ${whatElse(record, identity)}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const actor = readActor(record, isHumanRole);
    known.set(key, actor);
    return actor;
  };
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
