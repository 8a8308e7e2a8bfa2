import { isRegion } from '../../core/base/region.ts';
import type { S3Folder } from '../../core/base/s3-address.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import {
  hasLogEnding,
  isEventLog,
  isOfOtherService,
  type Layer,
  layerInside,
} from '../../io/trail/bucket-layout.ts';
import { type ListedObject, listFolder } from '../s3/list.ts';
import type { S3Call } from '../s3/object.ts';
import { PassedNames } from './passed-names.ts';

/** The logs of one account and Region. */
export interface TrailPlace {
  /** `…/CloudTrail/REGION/`, in which folders are years. */
  readonly folder: string;
  /** What is asked of it: the folder, or a part of it that the prefix names. */
  readonly prefix: string;
  readonly account: string | undefined;
  readonly region: string;
}

/** Which of them are wanted; nothing said is all. */
export interface PlaceFilter {
  readonly accounts: readonly string[];
  readonly regions: readonly string[];
}

/** What a prefix holds, as far as folders tell. */
export interface TrailPlaces {
  readonly places: readonly TrailPlace[];
  /** Logs that lie outside of the folders that AWS makes. */
  readonly loose: readonly ListedObject[];
  /** All that were seen, wanted or not. */
  readonly accounts: ReadonlySet<string>;
  readonly regions: ReadonlySet<string>;
  /** Accounts that have a Region that is wanted. */
  readonly met: ReadonlySet<string>;
  /** Folders and objects that are known to be of other services, or no logs of events. */
  readonly passed: PassedNames;
  /** Objects that are not called like logs. */
  readonly noLogs: PassedNames;
}

interface Spot {
  readonly layer: Layer;
  readonly account: string | undefined;
  readonly region: string | undefined;
  /** The folder of the Region. */
  readonly folder: string;
  /** How many folders outside of AWS's own layout lead here from the prefix. */
  readonly depth: number;
}

const ACCOUNT = /^\d{12}$/;
const ORGANIZATION = /^o-[a-z0-9]+$/;
/** So deep is looked for `AWSLogs/`, and in so many folders: prefixes of trails are short. Our own choice. */
const DEEPEST = 4;
const MOST_FOLDERS = 2000;
/** Folders that are listed side by side. */
const AT_ONCE = 8;

/**
 * Finds the folders of accounts and Regions by lists with a delimiter, whatever part of the layout the prefix ends in. What AWS writes
 * beside logs of events is not gone into.
 *
 * It fails as lists do, and with ANSWER_INCOMPLETE where so many folders are beside those of AWS that nobody can look into all.
 */
export async function findPlaces(from: S3Folder, filter: PlaceFilter, call: S3Call): Promise<TrailPlaces> {
  const walk = new PlaceWalk(from.bucket, filter, call);
  await walk.begin(from.prefix);
  return walk;
}

class PlaceWalk implements TrailPlaces {
  readonly places: TrailPlace[] = [];
  readonly loose: ListedObject[] = [];
  readonly accounts = new Set<string>();
  readonly regions = new Set<string>();
  readonly met = new Set<string>();
  readonly passed = new PassedNames();
  readonly noLogs = new PassedNames();
  readonly #bucket: string;
  readonly #filter: PlaceFilter;
  readonly #call: S3Call;
  #outside = 0;

  constructor(bucket: string, filter: PlaceFilter, call: S3Call) {
    this.#bucket = bucket;
    this.#filter = filter;
    this.#call = call;
  }

  async begin(prefix: string): Promise<void> {
    let spot: Spot = { layer: 'outside', account: undefined, region: undefined, folder: '', depth: 0 };
    let path = '';
    for (const name of prefix.split('/').filter(Boolean)) {
      path += `${name}/`;
      if (hasLogEnding(name) && path.length > prefix.length) return this.#takeOne(prefix);
      spot = { ...enter(spot, name, path), depth: 0 };
    }
    await this.#visit(path, spot);
  }

  /** The prefix is the key of a log. */
  async #takeOne(key: string): Promise<void> {
    const { objects } = await listFolder({ bucket: this.#bucket, prefix: key }, this.#call);
    for (const object of objects) if (object.key === key) this.loose.push(object);
  }

  async #visit(prefix: string, spot: Spot): Promise<void> {
    const { account, region } = spot;
    if (account !== undefined) this.accounts.add(account);
    if (account !== undefined && !wants(this.#filter.accounts, account)) return;
    if (region !== undefined) return this.#addPlace(prefix, spot, region);
    const { folders, objects } = await listFolder({ bucket: this.#bucket, prefix }, this.#call);
    for (const object of objects) this.#addObject(object);
    const names = folders.map(folder => folder.slice(prefix.length, -1));
    const deeper: (() => Promise<void>)[] = [];
    for (const name of this.#enterable(names, spot)) {
      const path = `${prefix}${name}/`;
      deeper.push(() => this.#visit(path, enter(spot, name, path)));
    }
    await sideBySide(deeper);
  }

  #addPlace(prefix: string, { account, folder }: Spot, region: string): void {
    this.regions.add(region);
    if (!wants(this.#filter.regions, region)) return;
    if (account !== undefined) this.met.add(account);
    this.places.push({ folder, prefix, account, region });
  }

  #addObject(object: ListedObject): void {
    const name = object.key.slice(object.key.lastIndexOf('/') + 1);
    // Consoles make a folder as an object without a name.
    if (name === '') return;
    if (isOfOtherService('outside', name, false)) this.passed.add(name);
    else if (isEventLog(name) || hasLogEnding(name)) this.loose.push(object);
    else this.noLogs.add(name);
  }

  /** The folders that lead to logs; the others are counted. */
  #enterable(names: readonly string[], spot: Spot): readonly string[] {
    const roots = names.filter(name => name === 'AWSLogs');
    // Who has AWSLogs/ keeps it there, and may have thousands of folders of other things beside it.
    const isBeside = (name: string): boolean => roots.length > 0 && name !== 'AWSLogs';
    return names.filter(name => {
      const isPassed =
        isOfOtherService(spot.layer, name, true) ||
        (spot.layer === 'outside' ? isBeside(name) : !leadsOn(spot, name));
      if (isPassed) this.passed.add(name);
      return !isPassed && this.#hasRoom(spot, name);
    });
  }

  #hasRoom({ layer, depth }: Spot, name: string): boolean {
    if (layer !== 'outside' || leadsOn({ layer }, name)) return true;
    this.#outside += 1;
    if (this.#outside > MOST_FOLDERS) {
      throw new DeployMarkerError(
        'ANSWER_INCOMPLETE',
        `there are more than ${MOST_FOLDERS} folders and no AWSLogs/ among them`,
        { hint: 'name the prefix of the trail: --changes s3://BUCKET/PREFIX' },
      );
    }
    if (depth < DEEPEST) return true;
    this.passed.add(name);
    return false;
  }
}

/** Whether a folder is one of those that AWS makes on the way to logs of events. */
function leadsOn({ layer }: Pick<Spot, 'layer'>, name: string): boolean {
  if (layer === 'root') return ORGANIZATION.test(name) || ACCOUNT.test(name);
  if (layer === 'account') return name === 'CloudTrail';
  return name === 'AWSLogs' || ACCOUNT.test(name) || name === 'CloudTrail' || isRegion(name);
}

function enter({ layer, account, region, folder, depth }: Spot, name: string, path: string): Spot {
  const isPlace = region === undefined && isRegion(name) && (layer === 'service' || layer === 'outside');
  return {
    layer: layerInside(layer, name),
    account: ACCOUNT.test(name) && region === undefined ? name : account,
    region: isPlace ? name : region,
    folder: isPlace ? path : folder,
    depth: depth + 1,
  };
}

function wants(chosen: readonly string[], name: string): boolean {
  return chosen.length === 0 || chosen.includes(name);
}

async function sideBySide(tasks: readonly (() => Promise<void>)[]): Promise<void> {
  const queue = tasks.values();
  const work = async (): Promise<void> => {
    for (const task of queue) await task();
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, tasks.length) }, work));
}
