import type { VALIDATE_FLAGS } from '../validate.flags.ts';
import type { CommandText, FlagTexts } from './text.ts';

/** Texts of {@link VALIDATE_FLAGS}. */
const VALIDATE_TEXTS: FlagTexts<typeof VALIDATE_FLAGS> = {};

/** What help says of `validate`. */
export const VALIDATE_TEXT: CommandText<typeof VALIDATE_FLAGS> = {
  summary: 'Check markers and audit events in files, offline.',
  examples: [
    ['validate deploys.jsonl', 'Check a file.'],
    ['validate < deploys.jsonl', 'Check what comes through a pipe.'],
    ['validate --json deploys.jsonl', 'Tell every problem as JSON.'],
  ],
  flags: VALIDATE_TEXTS,
};
