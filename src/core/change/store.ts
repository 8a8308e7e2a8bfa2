import { createHash } from 'node:crypto';
import { Interner } from '../base/interner.ts';
import type { Actor, Change } from './change.ts';
import { areTwins, mergeTwins } from './twins.ts';

const FIRST_CAPACITY = 1024;
const ID_BYTES = 16;
const ID_WORDS = 4;
/** Places in the table of ids for each change. */
const SLOTS = 2;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** What thousands of changes share. */
type Kind = Omit<Change, 'id' | 'time' | 'version' | 'sharedId' | 'twins'>;

/**
 * Holds changes, each once, in about 40 bytes: a year of a busy account fits into memory. The same record comes from
 * more than one source, and trails deliver some twice, so a change whose id is there already is left out.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html (eventID)
 *
 * A call across accounts, which the trails of both tell, is one change, too, whichever comes first.
 */
export class ChangeStore implements Iterable<Change> {
  #size = 0;
  #times = new Float64Array(FIRST_CAPACITY);
  #kindNumbers = new Uint32Array(FIRST_CAPACITY);
  #versionNumbers = new Uint32Array(FIRST_CAPACITY);
  #ids = Buffer.from(new ArrayBuffer(FIRST_CAPACITY * ID_BYTES));
  /** The same memory, for comparing. */
  #words = new Uint32Array(this.#ids.buffer);
  /** Open addressing by id: rank + 1 of a change, or 0. */
  #slots = new Uint32Array(FIRST_CAPACITY * SLOTS);
  /** Ids in another form than CloudTrail's own. */
  readonly #oddIds = new Map<number, string>();
  readonly #kinds = new Interner<string, Kind>();
  readonly #actors = new Interner<Actor, Actor>();
  readonly #versions = new Interner<string | undefined, { readonly version: string | undefined }>();
  /** Ranks by sharedEventID, which few calls have. */
  readonly #shared = new Map<string, number>();
  /** Changes made of the records of several accounts, by rank. */
  readonly #merged = new Map<number, Change>();

  get size(): number {
    return this.#size;
  }

  /** Takes a change. @returns false if it is there already */
  add(change: Change): boolean {
    const { id, actor, sharedId } = change;
    if (sharedId !== undefined && this.#joinsTwin(change, sharedId)) return false;
    if (this.#size === this.#times.length) this.#grow();
    const isUuid = UUID.test(id);
    this.#writeId(isUuid ? id : toUuidForm(id));
    if (id !== '' && !this.#claim(this.#size)) return false;
    if (!isUuid) this.#oddIds.set(this.#size, id);
    const who = this.#actors.numberOf(actor, () => actor);
    const call = change.stack === undefined ? change.isGlobal : JSON.stringify(change.stack);
    const things =
      change.others === undefined ? change.component : [change.component, ...change.others].join(' ');
    const key = `${change.account} ${change.region} ${change.service} ${change.action} ${things} ${who} ${call}`;
    this.#times[this.#size] = change.time;
    this.#kindNumbers[this.#size] = this.#kinds.numberOf(key, () => toKind(change));
    const { version } = change;
    this.#versionNumbers[this.#size] = this.#versions.numberOf(version, () => ({ version }));
    if (sharedId !== undefined && !this.#shared.has(sharedId)) this.#shared.set(sharedId, this.#size);
    this.#size += 1;
    return true;
  }

  /** In the order in which they came. */
  *[Symbol.iterator](): Iterator<Change> {
    const hasMerged = this.#merged.size > 0;
    for (let rank = 0; rank < this.#size; rank += 1)
      yield (hasMerged ? this.#merged.get(rank) : undefined) ?? this.#read(rank);
  }

  #read(rank: number): Change {
    const kind = this.#kinds.valueOf(this.#kindNumbers[rank] ?? 0);
    // Every field by its name: a spread takes longer.
    return {
      id: this.#oddIds.get(rank) ?? this.#readId(rank),
      time: this.#times[rank] ?? 0,
      account: kind.account,
      region: kind.region,
      service: kind.service,
      action: kind.action,
      component: kind.component,
      others: kind.others,
      actor: kind.actor,
      stack: kind.stack,
      version: this.#versions.valueOf(this.#versionNumbers[rank] ?? 0).version,
      isGlobal: kind.isGlobal,
    };
  }

  /** Whether the change is there already, or became part of the one that another account's trail tells of. */
  #joinsTwin(change: Change, sharedId: string): boolean {
    const rank = this.#shared.get(sharedId);
    if (rank === undefined) return false;
    const known = { ...(this.#merged.get(rank) ?? this.#read(rank)), sharedId };
    if (known.id === change.id || known.twins?.includes(change.id)) return true;
    if (!areTwins(known, change)) return false;
    this.#merged.set(rank, mergeTwins(known, change));
    return true;
  }

  #writeId(id: string): void {
    const hex = id.slice(0, 8) + id.slice(9, 13) + id.slice(14, 18) + id.slice(19, 23) + id.slice(24);
    this.#ids.write(hex, this.#size * ID_BYTES, ID_BYTES, 'hex');
  }

  #readId(rank: number): string {
    const hex = this.#ids.toString('hex', rank * ID_BYTES, (rank + 1) * ID_BYTES);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  }

  /** Puts a change into the table of ids. @returns false if its id is there */
  #claim(rank: number): boolean {
    const words = this.#words;
    const at = rank * ID_WORDS;
    let slot = hash(words, at) % this.#slots.length;
    for (;;) {
      const other = ((this.#slots[slot] ?? 0) - 1) * ID_WORDS;
      if (other < 0) break;
      const isSame =
        words[at] === words[other] &&
        words[at + 1] === words[other + 1] &&
        words[at + 2] === words[other + 2] &&
        words[at + 3] === words[other + 3];
      if (isSame) return false;
      slot = (slot + 1) % this.#slots.length;
    }
    this.#slots[slot] = rank + 1;
    return true;
  }

  #grow(): void {
    const capacity = this.#times.length * 2;
    this.#times = copyInto(new Float64Array(capacity), this.#times);
    this.#kindNumbers = copyInto(new Uint32Array(capacity), this.#kindNumbers);
    this.#versionNumbers = copyInto(new Uint32Array(capacity), this.#versionNumbers);
    this.#ids = copyInto(Buffer.from(new ArrayBuffer(capacity * ID_BYTES)), this.#ids);
    this.#words = new Uint32Array(this.#ids.buffer);
    this.#slots = new Uint32Array(capacity * SLOTS);
    for (let rank = 0; rank < this.#size; rank += 1) this.#claim(rank);
  }
}

/** All four words count: ids that are made in one go may differ in one of them alone. */
function hash(words: Uint32Array, at: number): number {
  let mixed = 0;
  for (let i = at; i < at + ID_WORDS; i += 1) {
    mixed = Math.imul(mixed ^ (words[i] ?? 0), 0x9e3779b1);
    mixed ^= mixed >>> 15;
  }
  return mixed >>> 0;
}

function toKind(change: Change): Kind {
  const { id: _id, time: _time, version: _version, sharedId: _sharedId, twins: _twins, ...kind } = change;
  return kind;
}

function copyInto<T extends { set(from: T): void }>(to: T, from: T): T {
  to.set(from);
  return to;
}

/** Stands for an id of another form in the table of ids. */
function toUuidForm(id: string): string {
  const hex = createHash('sha256').update(id).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}
