import { placeAsked } from '../component/asked-place.ts';
import { literal } from './lake.ts';

/** An ARN asks for what is there: also of deploys whose markers do not tell where they were, but for no change that is elsewhere. Empty for `kind:name`. */
export function placeFilters(component: string): string[] {
  const place = placeAsked(component);
  if (place === undefined) return [];
  const { account = '', region = '' } = place;
  const target = `^${account === '' ? '.*' : `(${account})?`}/${region === '' ? '.*' : `(${region})?`}$`;
  const spots = [`${account}/${region}`, ...(region === '' ? [] : [`${account}/~`])].map(literal);
  return [
    `regexp_like(place, ${literal(target)})`,
    `(spots IS NULL OR changed <> key OR arrays_overlap(spots, ARRAY[${spots.join(', ')}]))`,
  ];
}
