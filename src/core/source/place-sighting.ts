import { nameSome } from '../base/name-some.ts';
import { isChosen, type Place } from './place-choice.ts';
import type { Sighting } from './sighting.ts';

/** The account and Region that an ARN says, and what was read of them by order. */
export interface AskedPlace {
  /** As it was asked. */
  readonly component: string;
  readonly place: Place;
  /** Event histories that were read, which are of one place each; an account that nobody knows is undefined. */
  readonly histories: readonly HistoryPlace[];
}

/** The account and Region of an event history. */
export interface HistoryPlace {
  readonly account: string | undefined;
  readonly region: string;
}

/** That nothing of a place was read. */
export interface UnseenPlace {
  readonly message: string;
  /** One step that helps. */
  readonly hint: string;
  /** Nothing that was read can be of it, however quiet it may be there. */
  readonly isAway: boolean;
}

/** Whether a record of the place was seen in the time that was asked for. */
export function isPlaceSeen({ account, region }: Place, sightings: readonly Sighting[]): boolean {
  const choice = { accounts: toList(account), regions: toList(region) };
  return placesOf(sightings).some(told => isChosen(choice, told));
}

/**
 * Says that nothing which was read is of the place: a thing of the same name elsewhere is another one, and silence there says nothing.
 * Undefined where a record of it was seen, or its event history was read.
 */
export function describeUnseenPlace(
  { component, place, histories }: AskedPlace,
  sightings: readonly Sighting[],
): UnseenPlace | undefined {
  const isRead = ({ account, region }: HistoryPlace): boolean =>
    (place.account === undefined || place.account === account) &&
    (place.region === undefined || place.region === region);
  if (isPlaceSeen(place, sightings) || histories.some(isRead)) return undefined;
  const read = [...histories.filter(({ account }) => account !== undefined), ...placesOf(sightings)];
  const names = [...new Set(read.map(placeWords))].filter(name => name !== '');
  const were = names.length === 0 ? '' : `; read were ${nameSome(names, 5)}`;
  const unknown = histories.some(({ account }) => account === undefined)
    ? ', and it is not known of which account these credentials are'
    : '';
  const noun = component.includes('arn:') ? 'the ARN' : 'it';
  const message = `${noun} is of ${placeWords(place)}, of which no record was seen in the time that is asked for${were}${unknown}`;
  // An event history is of its own place, however quiet that is.
  const isAway = sightings.every(({ kind }) => kind === 'history');
  return {
    message,
    isAway,
    hint: `${stepTo(place)}${isAway ? '' : '; if it is that quiet there, pass --allow-quiet'}`,
  };
}

function stepTo({ account, region }: Place): string {
  const flags = [
    ...(region === undefined ? [] : [`--region ${region}`]),
    ...(account === undefined ? [] : [`--account ${account}=ROLE_ARN`]),
  ];
  return `read where it is, with ${flags.join(' and ')} or other --changes`;
}

function toList(name: string | undefined): string[] {
  return name === undefined ? [] : [name];
}

function placesOf(sightings: readonly Sighting[]): { account: string; region: string }[] {
  return sightings.flatMap(({ regions }) =>
    [...regions].flatMap(([account, names]) => [...names].map(region => ({ account, region }))),
  );
}

/** `eu-west-1 in 123456789012`. */
function placeWords({ account, region }: Place): string {
  return [region, account].filter(Boolean).join(' in ');
}
