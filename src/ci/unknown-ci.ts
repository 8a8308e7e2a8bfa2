// No vendor's page: `CI=true` is what CI systems have in common.
import { isOn } from './env-value.ts';
import { toFacts } from './facts.ts';
import type { CiProvider } from './provider.ts';

/** A CI system that is not in the table. That it is one matters (no prompts, no silent default sink); no fact is known. */
export const unknownCi: CiProvider = {
  id: 'ci',
  title: 'another CI system',
  detect: env => isOn(env, 'CI'),
  describe: () => toFacts('ci', {}),
};
