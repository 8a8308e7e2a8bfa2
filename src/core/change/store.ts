import { createHash } from 'node:crypto';
import { Interner } from '../compact/interner.ts';
import { PairInterner } from '../compact/pair-interner.ts';
import { putUuid, uuidAt } from '../compact/uuid-bytes.ts';
import type { Actor, Change } from './change.ts';
import { areTwins, mergeTwins } from './twins.ts';

const FIRST_CAPACITY = 1024;
const ID_BYTES = 16;
const ID_WORDS = 4;
/** Places in the table of ids for each change. */
const SLOTS = 2;

/** What few changes have. */
type Rare = Pick<Change, 'others' | 'stack' | 'isGlobal'>;

/** Columns of numbers that stand for what changes have in common. */
type Column = 'actors' | 'places' | 'calls' | 'components' | 'versions';
const COLUMNS: readonly Column[] = ['actors', 'places', 'calls', 'components', 'versions'];

/**
 * Holds changes, each once, in about 50 bytes: a year of a busy account fits into memory. The same record comes from
 * more than one source, and trails deliver some twice, so a change whose id is there already is left out.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html (eventID)
 *
 * A call across accounts, which the trails of both tell, is one change, too, whichever comes first.
 */
export class ChangeStore implements Iterable<Change> {
  #size = 0;
  #times = new Float64Array(FIRST_CAPACITY);
  readonly #columns: Record<Column, Uint32Array> = {
    actors: new Uint32Array(FIRST_CAPACITY),
    places: new Uint32Array(FIRST_CAPACITY),
    calls: new Uint32Array(FIRST_CAPACITY),
    components: new Uint32Array(FIRST_CAPACITY),
    versions: new Uint32Array(FIRST_CAPACITY),
  };
  #ids = new Uint8Array(FIRST_CAPACITY * ID_BYTES);
  /** The same memory, for comparing. */
  #words = new Uint32Array(this.#ids.buffer);
  /** Open addressing by id: rank + 1 of a change, or 0. */
  #slots = new Uint32Array(FIRST_CAPACITY * SLOTS);
  /** Ids in another form than CloudTrail's own. */
  readonly #oddIds = new Map<number, string>();
  readonly #places = new PairInterner();
  readonly #calls = new PairInterner();
  readonly #components = new Interner<string, string>();
  readonly #rares = new Interner<string, Rare>();
  /** Ranks of the changes that have any of it. */
  readonly #rare = new Map<number, Rare>();
  readonly #actors = new Interner<Actor, Actor>();
  readonly #versions = new Interner<string | undefined, { readonly version: string | undefined }>();
  /** Ranks by sharedEventID, which few calls have. */
  readonly #shared = new Map<string, number>();
  /** Changes made of the records of several accounts, by rank. */
  readonly #merged = new Map<number, Change>();

  get size(): number {
    return this.#size;
  }

  /**
   * Takes a change.
   *
   * @param onClash is told where another change has its id: it is not taken, and is no copy of what is there
   * @returns false if its id is there already
   */
  add(change: Change, onClash?: () => void): boolean {
    const { id, sharedId } = change;
    if (sharedId !== undefined && this.#joinsTwin(change, sharedId)) return false;
    if (this.#size === this.#times.length) this.#grow();
    const at = this.#size * ID_BYTES;
    const isUuid = putUuid(id, this.#ids, at);
    // Stands for an id of another form.
    if (!isUuid) this.#ids.set(createHash('sha256').update(id).digest().subarray(0, ID_BYTES), at);
    const holder = id === '' ? undefined : this.#claim(this.#size);
    if (holder !== undefined) {
      if (onClash !== undefined && !isCopy(this.#read(holder), change)) onClash();
      return false;
    }
    if (!isUuid) this.#oddIds.set(this.#size, id);
    this.#put(this.#size, change);
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

  /** Those from which others may follow, in the same order: calls about stacks, and by CodeDeploy. They are few, and the others are not made. */
  *leading(): Generator<Change> {
    const { actors } = this.#columns;
    for (let rank = 0; rank < this.#size; rank += 1) {
      const isLeading =
        this.#rare.get(rank)?.stack !== undefined ||
        this.#actors.valueOf(actors[rank] ?? 0).via === 'codedeploy' ||
        this.#merged.has(rank);
      if (isLeading) yield this.#merged.get(rank) ?? this.#read(rank);
    }
  }

  #put(rank: number, change: Change): void {
    const { account, region, service, action, component, actor, version, others, stack, isGlobal } = change;
    const { actors, places, calls, components, versions } = this.#columns;
    this.#times[rank] = change.time;
    actors[rank] = this.#actors.numberOf(actor, () => actor);
    places[rank] = this.#places.numberOf(account, region);
    calls[rank] = this.#calls.numberOf(service, action);
    components[rank] = this.#components.numberOf(component, () => component);
    versions[rank] = this.#versions.numberOf(version, () => ({ version }));
    if (others === undefined && stack === undefined && isGlobal === undefined) return;
    const rare = { others, stack, isGlobal };
    const number = this.#rares.numberOf(JSON.stringify(rare), () => rare);
    this.#rare.set(rank, this.#rares.valueOf(number));
  }

  #read(rank: number): Change {
    const { actors, places, calls, components, versions } = this.#columns;
    const [account, region] = this.#places.pairOf(places[rank] ?? 0);
    const [service, action] = this.#calls.pairOf(calls[rank] ?? 0);
    const rare = this.#rare.get(rank);
    // Every field by its name: a spread takes longer.
    return {
      id: this.#oddIds.get(rank) ?? uuidAt(this.#ids, rank * ID_BYTES),
      time: this.#times[rank] ?? 0,
      account,
      region,
      service,
      action,
      component: this.#components.valueOf(components[rank] ?? 0),
      others: rare?.others,
      actor: this.#actors.valueOf(actors[rank] ?? 0),
      stack: rare?.stack,
      version: this.#versions.valueOf(versions[rank] ?? 0).version,
      isGlobal: rare?.isGlobal,
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

  /** Puts a change into the table of ids. @returns the rank of the one that has its id already */
  #claim(rank: number): number | undefined {
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
      if (isSame) return other / ID_WORDS;
      slot = (slot + 1) % this.#slots.length;
    }
    this.#slots[slot] = rank + 1;
    return undefined;
  }

  #grow(): void {
    const capacity = this.#times.length * 2;
    this.#times = copyInto(new Float64Array(capacity), this.#times);
    for (const name of COLUMNS) {
      this.#columns[name] = copyInto(new Uint32Array(capacity), this.#columns[name]);
    }
    this.#ids = copyInto(new Uint8Array(capacity * ID_BYTES), this.#ids);
    this.#words = new Uint32Array(this.#ids.buffer);
    this.#slots = new Uint32Array(capacity * SLOTS);
    for (let rank = 0; rank < this.#size; rank += 1) this.#claim(rank);
  }
}

/** Whether both are the same record. A copy that somebody cut down may lack who made the call, and what it changed. */
function isCopy(a: Change, b: Change): boolean {
  const isOne = Math.floor(a.time / 1000) === Math.floor(b.time / 1000) && a.action === b.action;
  const isOneThing = a.component === b.component || [a, b].some(each => each.component.endsWith(':?'));
  const isOneActor =
    a.actor.name === b.actor.name || a.actor.kind === 'unknown' || b.actor.kind === 'unknown';
  return isOne && a.service === b.service && isOneThing && isOneActor;
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

function copyInto<T extends { set(from: T): void }>(to: T, from: T): T {
  to.set(from);
  return to;
}
