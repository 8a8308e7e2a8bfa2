import { placeAsked } from '../component/asked-place.ts';
import { literal } from './lake.ts';

/** Tests of where something is; each begins with a blank. */
export interface PlaceTests {
  /** Of a deploy's target, whose marker need not tell where it was. */
  readonly target: string;
  /** Of a row with a change, which is NULL where there is none. */
  readonly change: string;
}

/** An ARN asks for what is there, and for no change that is elsewhere. Undefined for `kind:name`. */
export function placeTests(component: string): PlaceTests | undefined {
  const place = placeAsked(component);
  if (place === undefined) return undefined;
  const { account = '', region = '' } = place;
  const target = `^${account === '' ? '.*' : `(${account})?`}/${region === '' ? '.*' : `(${region})?`}$`;
  const spot = `^${account === '' ? '.*' : account}/${region === '' ? '.*' : `(${region}|~)`}$`;
  return {
    target: ` AND regexp_like(place, ${literal(target)})`,
    // Its first spot is the whole one.
    change: ` AND coalesce(changed <> key OR regexp_like(spots[1], ${literal(spot)}), true)`,
  };
}
