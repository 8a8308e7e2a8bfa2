import { isGlobal } from '../../core/change/global.ts';
import { serviceOfComponent } from '../../core/component/spellings.ts';
import type { ReportChange } from '../../core/findings/report.ts';
import type { Place } from '../../core/investigate/config-types.ts';
import type { Moment } from '../../core/investigate/recording.ts';
import type { TimeRange } from '../../core/time/range.ts';
import type { MissingParts } from './parts.ts';
import type { ChangedThing } from './recordings.ts';

/** As many components are asked about in Config: a deploy may have changed hundreds besides. */
const MOST_THINGS = 25;

/** A component in a place, with the changes of it. */
export interface Thing extends ChangedThing {
  readonly changes: readonly Moment[];
  readonly isAsked: boolean;
}

/** What of a change tells what Config has to be asked. */
export type ToldChange = Pick<
  ReportChange,
  'event_id' | 'time' | 'account' | 'region' | 'component' | 'also'
>;

/** What is asked about besides what was changed. */
export interface ThingsQuestion {
  /** All of it is wanted, whenever it was changed. */
  readonly component: string;
  /** Places that the component is in, where no change tells. */
  readonly homes: readonly Place[];
  readonly range: TimeRange;
  readonly regions: readonly string[];
}

/** Everything that was changed, by component and place; what is asked for first. */
export function thingsOf(changes: readonly ToldChange[], question: ThingsQuestion): Thing[] {
  const { component: asked, homes, range } = question;
  const groups = new Map<string, { component: string; place: Place; changes: Moment[] }>();
  const take = (component: string, { account, region }: Place) => {
    const key = JSON.stringify([component, account, region]);
    const known = groups.get(key) ?? { component, place: { account, region }, changes: [] };
    groups.set(key, known);
    return known;
  };
  for (const change of changes) {
    // What the call changed besides is asked for by its own name.
    const component = change.also?.includes(asked) === true ? asked : change.component;
    take(component, change).changes.push({ id: change.event_id, time: Date.parse(change.time) });
  }
  if (![...groups.values()].some(({ component }) => component === asked))
    for (const home of homes) take(asked, home);
  const things = [...groups.values()].map((group): Thing => {
    const isAsked = group.component === asked;
    const times = group.changes.map(({ time }) => time).toSorted((a, b) => a - b);
    const [first = range.from, last = range.from] = [times[0], times.at(-1)];
    return {
      ...group,
      isAsked,
      first: isAsked ? Math.min(first, range.from) : first,
      last,
      through: isAsked ? range.until : last,
      alsoIn: otherRegions(group.component, group.place, question.regions),
    };
  });
  return things.toSorted((a, b) => Number(b.isAsked) - Number(a.isAsked));
}

/** What is global may be recorded in any Region. */
function otherRegions(component: string, { region }: Place, regions: readonly string[]): string[] {
  const service = serviceOfComponent(component);
  return service !== undefined && isGlobal({ service }) ? regions.filter(each => each !== region) : [];
}

/** As many things as Config is asked about; the rest is told. */
export function boundThings(all: readonly Thing[], missing: MissingParts): readonly Thing[] {
  const things = all.slice(0, MOST_THINGS);
  const left = all.length - things.length;
  if (left === 0) return things;
  missing.tell({
    kind: 'left-out',
    subject: 'AWS Config',
    message: `was not asked about ${left} further components; investigate one of them by its name`,
    count: left,
  });
  return things;
}
