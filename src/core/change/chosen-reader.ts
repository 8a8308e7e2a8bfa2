import type { LeftOut } from '../source/gap.ts';
import {
  ChangesElsewhere,
  isChosen,
  isEverywhere,
  type PlaceChoice,
  placeOfRecord,
} from '../source/place-choice.ts';
import { isWithin, type TimeRange } from '../time/range.ts';
import { createRecordReader, type EvidenceSink, type RecordInterests } from './record.ts';

/** Reads records, and knows what was left out for where it was made. */
export interface ChosenReader {
  read(record: unknown): void;
  leftOut(): LeftOut | undefined;
}

/**
 * Reads records as {@link createRecordReader} does, and only those of accounts and Regions that are asked for. Changes of others are
 * counted, as far as they are of the time that is asked for.
 */
export function createChosenReader(
  {
    places,
    asked,
    ...interests
  }: RecordInterests & { readonly places: PlaceChoice; readonly asked: TimeRange },
  sink: EvidenceSink,
): ChosenReader {
  const elsewhere = new ChangesElsewhere(places);
  const take = createRecordReader(interests, sink);
  const pass = createRecordReader(interests, {
    change(change) {
      if (isWithin(change.time, asked)) elsewhere.add(change);
    },
    // A role is taken in one place and works in another.
    chain: sink.chain,
  });
  const choose = (record: unknown): void =>
    isChosen(places, placeOfRecord(record)) ? take(record) : pass(record);
  return { read: isEverywhere(places) ? take : choose, leftOut: () => elsewhere.told() };
}
