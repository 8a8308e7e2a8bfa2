import type { BriefRecord } from '../../../core/change/brief-record.ts';
import type { RecordPlace } from '../record-filter.ts';
import { KnownObjects } from './known-objects.ts';
import { AnswerScan } from './plain-answer.ts';
import { endOfPlainText, endOfValue, isAt } from './plain-json.ts';
import { ShortTexts } from './short-texts.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const LOWER_F = 0x66;
const LOWER_N = 0x6e;
const LOWER_T = 0x74;
const OPEN = 0x7b;
const CLOSED = 0x7d;

/** Fields that are looked at. */
const AT = {
  eventSource: 0,
  eventName: 1,
  eventTime: 2,
  eventID: 3,
  userIdentity: 4,
  requestParameters: 5,
  responseElements: 6,
  readOnly: 7,
  errorCode: 8,
  recipientAccountId: 9,
  awsRegion: 10,
  eventType: 11,
  eventCategory: 12,
  managementEvent: 13,
  sourceIPAddress: 14,
  resources: 15,
  additionalEventData: 16,
  sharedEventID: 17,
  sessionCredentialFromConsole: 18,
} as const satisfies Record<keyof BriefRecord, number>;
const LAST_LOOKED_AT = AT.sessionCredentialFromConsole;

/** What else CloudTrail writes. With these there are fewer than an integer has bits. */
const OTHERS = [
  'eventVersion',
  'userAgent',
  'requestID',
  'tlsDetails',
  'errorMessage',
  'apiVersion',
  'vpcEndpointId',
  'vpcEndpointAccountId',
  'serviceEventDetails',
  'eventContext',
  'addendum',
];
const KEYS = [...Object.keys(AT), ...OTHERS].map(name => `"${name}":`);
const KEY_BYTES = KEYS.map(key => Uint8Array.from(Buffer.from(key)));
const RANKS: ReadonlyMap<string, number> = new Map(KEYS.map((key, rank) => [key, rank]));
/** Without any of these it may be something else than a record. */
const NEEDED = (1 << AT.eventSource) | (1 << AT.eventName) | (1 << AT.eventTime) | (1 << AT.eventID);
/** `eventSource` of what is no record, as that of S3's event notifications. */
const FOREIGN = Uint8Array.from(Buffer.from('"aws:'));

/**
 * Finds records that are written as CloudTrail itself writes them, and reads of them what is looked at. They have fields that are known,
 * each once, and no white space, escape or other letter than ASCII but inside of values that are parsed. Of all others it says nothing:
 * they are parsed as a whole.
 *
 * What it finds is JSON, and a record of CloudTrail that is in no envelope and holds no list of others.
 */
export class PlainRecords {
  readonly #starts = new Int32Array(KEYS.length);
  readonly #ends = new Int32Array(KEYS.length);
  /** By fields the one that came behind it in the record before; by their number the first. */
  readonly #next = new Int32Array(KEYS.length + 1);
  readonly #identities = new KnownObjects();
  readonly #texts = new ShortTexts();
  readonly #answer = new AnswerScan(this.#texts);
  #start = 0;
  #end = 0;
  /** A bit for each field. */
  #present = 0;
  #identity: unknown;

  /** Where the record is that was found last. */
  get place(): RecordPlace & { readonly sourceKey: number } {
    return { start: this.#start, end: this.#end, sourceKey: this.#startOf(AT.eventSource) - 1 };
  }

  /** Whether one begins here, and is there as a whole. */
  find(bytes: Buffer, start: number): boolean {
    if (bytes[start] !== OPEN) return false;
    this.#identity = undefined;
    let present = 0;
    let last = KEYS.length;
    let at = start + 1;
    do {
      const rank = this.#fieldAt(bytes, at, last);
      const bit = 1 << rank;
      if (rank === -1 || (present & bit) !== 0) return false;
      at += KEY_BYTES[rank]?.length ?? 0;
      const end = this.#endOf(bytes, at, rank);
      if (end === 0 || end >= bytes.length) return false;
      this.#starts[rank] = at;
      this.#ends[rank] = end;
      present |= bit;
      last = rank;
      at = end + 1;
    } while (bytes[at - 1] === COMMA);
    this.#start = start;
    this.#end = at;
    this.#present = present;
    return bytes[at - 1] === CLOSED && (present & NEEDED) === NEEDED && this.#isOfCloudTrail(bytes);
  }

  /** The record that was found last, in the same bytes. */
  read(bytes: Buffer): BriefRecord {
    return {
      eventSource: this.#valueOf(bytes, AT.eventSource),
      eventName: this.#valueOf(bytes, AT.eventName),
      eventTime: this.#valueOf(bytes, AT.eventTime),
      eventID: this.#valueOf(bytes, AT.eventID),
      userIdentity: this.#identity ?? this.#valueOf(bytes, AT.userIdentity),
      requestParameters: this.#valueOf(bytes, AT.requestParameters),
      responseElements: this.#valueOf(bytes, AT.responseElements),
      readOnly: this.#valueOf(bytes, AT.readOnly),
      errorCode: this.#valueOf(bytes, AT.errorCode),
      recipientAccountId: this.#valueOf(bytes, AT.recipientAccountId),
      awsRegion: this.#valueOf(bytes, AT.awsRegion),
      eventType: this.#valueOf(bytes, AT.eventType),
      eventCategory: this.#valueOf(bytes, AT.eventCategory),
      managementEvent: this.#valueOf(bytes, AT.managementEvent),
      sourceIPAddress: this.#valueOf(bytes, AT.sourceIPAddress),
      resources: this.#valueOf(bytes, AT.resources),
      additionalEventData: this.#valueOf(bytes, AT.additionalEventData),
      sharedEventID: this.#valueOf(bytes, AT.sharedEventID),
      sessionCredentialFromConsole: this.#valueOf(bytes, AT.sessionCredentialFromConsole),
    };
  }

  #startOf(rank: number): number {
    return this.#starts[rank] ?? 0;
  }

  #isOfCloudTrail(bytes: Buffer): boolean {
    const source = this.#startOf(AT.eventSource);
    return bytes[source] === QUOTE && !isAt(FOREIGN, bytes, source);
  }

  /** The rank of the field that begins here, or -1. Most records have the fields of the one before, in their order. */
  #fieldAt(bytes: Buffer, at: number, last: number): number {
    const likely = this.#next[last] ?? 0;
    const key = KEY_BYTES[likely];
    if (key !== undefined && isAt(key, bytes, at)) return likely;
    const end = endOfPlainText(bytes, at);
    const rank = end === 0 ? undefined : RANKS.get(bytes.toString('latin1', at, end + 1));
    if (rank === undefined) return -1;
    this.#next[last] = rank;
    return rank;
  }

  #endOf(bytes: Buffer, at: number, rank: number): number {
    const byte = bytes[at];
    if (byte === QUOTE) return rank > LAST_LOOKED_AT ? endOfValue(bytes, at) : endOfPlainText(bytes, at);
    if (byte === OPEN && rank === AT.responseElements) return this.#answer.findEnd(bytes, at);
    const known = rank === AT.userIdentity ? this.#identities.find(bytes, at) : undefined;
    if (known === undefined) return endOfValue(bytes, at);
    this.#identity = known.value;
    return at + known.bytes.length;
  }

  #valueOf(bytes: Buffer, rank: number): unknown {
    if ((this.#present & (1 << rank)) === 0) return undefined;
    const start = this.#startOf(rank);
    const end = this.#ends[rank] ?? 0;
    const byte = bytes[start];
    if (byte === QUOTE) return this.#texts.read(bytes, start + 1, end - 1);
    if (byte === LOWER_F) return false;
    if (byte === LOWER_T) return true;
    if (byte === LOWER_N) return null;
    if (byte === OPEN && rank === AT.responseElements) return this.#answer.read(bytes, start, end);
    if (rank === AT.userIdentity) return this.#identities.parse(bytes, start, end);
    return JSON.parse(bytes.toString('latin1', start, end));
  }
}
