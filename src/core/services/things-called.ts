import { SERVICES } from './table.ts';

/** As many kinds are offered for a word. */
const MOST_OFFERED = 3;

/**
 * Kinds of components for what people call a thing: `bucket` is `s3`, `role` is `iam`. A name that is just so comes before one that
 * ends so, as `zone` does for a hosted zone. Empty for a word that is the name of no thing.
 */
export function kindsOfThing(word: string): readonly string[] {
  const called = word.toLowerCase().replace(/[-_]/g, ' ');
  const exact = kindsWhere(name => name === called);
  return exact.length > 0 ? exact : kindsWhere(name => name.endsWith(` ${called}`));
}

function kindsWhere(fits: (name: string) => boolean): readonly string[] {
  const kinds = SERVICES.flatMap(({ name, things }) =>
    things
      .filter(({ what = '' }) => what.toLowerCase().split(', ').some(fits))
      .map(({ kind }) => kind ?? name),
  );
  return [...new Set(kinds)].slice(0, MOST_OFFERED);
}
