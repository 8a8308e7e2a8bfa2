import { append } from '../base/append.ts';
import { StretchTree } from '../time/stretch-tree.ts';
import { byStart, type Deploy } from './deploy.ts';
import { DeployList } from './list.ts';
import { pipelineRunOf } from './run.ts';

/**
 * Deploys of which nothing but their components and their times tells one from the other: of one pipeline run, under the same identities,
 * at the same places. A run that deploys a thousand things at once has a thousand of them.
 */
class Alike {
  readonly run: string;
  /** In the order of their starts. */
  readonly #deploys: readonly [Deploy, ...Deploy[]];
  readonly opens: number;
  readonly closes: number;
  #open: StretchTree | undefined;
  #underWay: StretchTree | undefined;

  constructor(deploys: readonly [Deploy, ...Deploy[]]) {
    this.#deploys = deploys;
    this.run = pipelineRunOf(deploys[0]);
    this.opens = deploys[0].opens;
    this.closes = deploys.reduce((latest, { closes }) => Math.max(latest, closes), Number.NEGATIVE_INFINITY);
  }

  /** Any of them. */
  get one(): Deploy {
    return this.#deploys[0];
  }

  /** The first in whose window the time falls, by markers that were made in time. */
  firstOpen(time: number): Deploy | undefined {
    this.#open ??= new StretchTree(this.#deploys.map(({ openInTime }) => openInTime.hull));
    return this.#first(this.#open, time, ({ openInTime }) => openInTime.has(time));
  }

  /** The first of those that was under way then. */
  firstUnderWay(time: number): Deploy | undefined {
    this.#underWay ??= new StretchTree(
      this.#deploys.map(({ underWay, openInTime }) => {
        const [one, other] = [underWay.hull, openInTime.hull];
        return [Math.max(one[0], other[0]), Math.min(one[1], other[1])];
      }),
    );
    return this.#first(
      this.#underWay,
      time,
      ({ underWay, openInTime }) => underWay.has(time) && openInTime.has(time),
    );
  }

  #first(tree: StretchTree, time: number, fits: (deploy: Deploy) => boolean): Deploy | undefined {
    for (const rank of tree.holding(time)) {
      const deploy = this.#deploys[rank];
      if (deploy !== undefined && fits(deploy)) return deploy;
    }
    return undefined;
  }
}

/** The deploys of one session, those that are alike together. */
export class SessionDeploys {
  readonly #all = new DeployList();
  readonly #alike = new Map<string, [Deploy, ...Deploy[]]>();
  #groups: DeployList<Alike> | undefined;

  /** Adds a deploy that starts no earlier than the last one, before anything is asked. @param kind of {@link kindOf} */
  add(deploy: Deploy, kind: string): void {
    this.#all.add(deploy);
    const known = this.#alike.get(kind);
    if (known === undefined) this.#alike.set(kind, [deploy]);
    else known.push(deploy);
  }

  /** All of them, in the order of their starts. */
  get all(): readonly Deploy[] {
    return this.#all.all;
  }

  /** Those that opened no later and close no earlier, in the order of their starts. */
  around(time: number): Deploy[] {
    return this.#all.around(time);
  }

  /**
   * The first of each pipeline run of those in whose window the time falls; if some were under way then, the first of each run of these.
   *
   * @param fits what is asked of one of those that are alike, for all of them
   */
  firstOfRuns(time: number, fits: (one: Deploy) => boolean): readonly Deploy[] {
    this.#groups ??= groupsOf(this.#alike.values());
    const groups = this.#groups.around(time).filter(({ one }) => fits(one));
    const [only] = groups;
    // As it is for most sessions.
    if (only !== undefined && groups.length === 1) {
      const deploy = only.firstUnderWay(time) ?? only.firstOpen(time);
      return deploy === undefined ? [] : [deploy];
    }
    const underWay = firstOfEach(groups, group => group.firstUnderWay(time));
    return underWay.length > 0 ? underWay : firstOfEach(groups, group => group.firstOpen(time));
  }
}

/** The same text for deploys that are alike but for their components and their times. */
export function kindOf(deploy: Deploy): string {
  const { identities, targets } = deploy;
  const places = new Set(targets.map(({ account, region }) => `${account} ${region}`));
  return JSON.stringify([pipelineRunOf(deploy), identities, [...places].sort()]);
}

function groupsOf(alike: Iterable<readonly [Deploy, ...Deploy[]]>): DeployList<Alike> {
  const groups = new DeployList<Alike>();
  for (const deploys of alike) groups.add(new Alike(deploys));
  return groups;
}

function firstOfEach(groups: readonly Alike[], find: (group: Alike) => Deploy | undefined): Deploy[] {
  const found = new Map<string, Deploy[]>();
  for (const group of groups) {
    const deploy = find(group);
    if (deploy !== undefined) append(found, group.run, deploy);
  }
  return [...found.values()].flatMap(([...deploys]) => deploys.sort(byStart).slice(0, 1)).sort(byStart);
}
