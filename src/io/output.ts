import type { Redactor } from '../errors/redactor.ts';
import { escapeUnseenInLines } from '../errors/visible.ts';
import type { Io } from './io.ts';

/** Where a command's words go: results to stdout, everything else to stderr, secrets to neither. */
export interface Output {
  /** A line of the result. */
  result(text: string): void;
  /** A line of the result that is too long for one text. No secret may lie across two pieces. */
  resultParts(pieces: Iterable<string>): void;
  /** A line of the result that may hold secrets, because the user asked for just them. */
  secretResult(text: string): void;
  /** Something worth knowing, like the next two without control characters, whatever it repeats; silent under `--quiet`. */
  note(text: string): void;
  /** Something that may be wrong. */
  warn(text: string): void;
  /** Detail for `--debug`. */
  debug(text: string): void;
}

/** How much a run says. */
export interface OutputFlags {
  readonly quiet: boolean;
  readonly debug: boolean;
}

/** Makes the output of one run. */
export function createOutput(io: Io, flags: OutputFlags, redactor: Redactor): Output {
  const say = (text: string): void => {
    io.stderr.write(`${escapeUnseenInLines(redactor.redact(text))}\n`);
  };
  return {
    result: text => io.stdout.write(`${redactor.redact(text)}\n`),
    resultParts(pieces) {
      for (const piece of pieces) io.stdout.write(redactor.redact(piece));
      io.stdout.write('\n');
    },
    secretResult: text => io.stdout.write(`${text}\n`),
    note: text => flags.quiet || say(text),
    warn: text => say(`warning: ${text}`),
    debug: text => flags.debug && say(`debug: ${text}`),
  };
}
