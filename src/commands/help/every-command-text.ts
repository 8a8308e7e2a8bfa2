import type { COMMON_FLAGS } from '../flags.ts';
import type { FlagTexts } from './text.ts';

const EVERY = 'Every command:';

/** Texts of {@link COMMON_FLAGS}. */
export const COMMON_TEXTS: FlagTexts<typeof COMMON_FLAGS> = {
  json: { group: EVERY, describe: 'Print one JSON object on stdout, and an error as one on stderr.' },
  quiet: { group: EVERY, describe: 'Leave out notes, not warnings.' },
  debug: { group: EVERY, describe: 'Tell details on stderr, and the stack of an error.' },
  color: {
    group: EVERY,
    describe: 'Colour results; auto does on a terminal, and heeds NO_COLOR and FORCE_COLOR.',
  },
  config: {
    group: EVERY,
    describe: 'Read settings from this JSON file.',
    unset: 'deploy-marker.json, where it is',
  },
  help: { group: EVERY, describe: 'Show this help, and do nothing.' },
  version: { group: EVERY, describe: 'Show the version, and do nothing.' },
};
