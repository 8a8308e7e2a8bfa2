// No vendor's page: `CI` is the variable that CI systems have in common.
import { readValue } from './env-value.ts';
import { toFacts } from './facts.ts';
import type { CiProvider } from './provider.ts';

/** A CI system that is not in the table. That it is one matters (no prompts, no silent default sink); no fact is known. */
export const unknownCi: CiProvider = {
  id: 'ci',
  title: 'another CI system',
  // Some name themselves there (CI=woodpecker), so that all counts that does not deny it.
  detect: env => !/^(?:false|0)$/i.test(readValue(env, 'CI')?.trim() ?? 'false'),
  describe: () => toFacts('ci', {}),
};
