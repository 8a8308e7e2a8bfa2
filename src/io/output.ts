import type { StyledLine } from '../core/base/styled-line.ts';
import type { DeployMarkerError } from '../errors/deploy-marker-error.ts';
import type { Redactor } from '../errors/redactor.ts';
import { type ErrorForm, renderError, renderErrorJson, renderStacks } from '../errors/render.ts';
import { toHarmlessLines, toOneLine, toVisibleJson } from '../errors/visible-text.ts';
import type { Io } from './io.ts';
import type { Paint } from './paint.ts';
import { columnsOfReader, foldLine } from './terminal-line.ts';

/**
 * Where a command's words go: results to stdout, everything else to stderr, secrets to neither. It is the one way out: what
 * a text holds that came from outside steers no terminal, begins no line of its own, and is no command to a CI's runner.
 */
export interface Output {
  /** A line of the result, whatever is in it. */
  result(text: string): void;
  /** Lines of the result, whatever is in them. */
  results(texts: readonly string[]): void;
  /** Lines of the result that were laid out before, so that only what ends a line of ours ends one. */
  resultText(text: string): void;
  /**
   * Lines of the result that were laid out before, coloured where there is a paint. Colours are put in here and nowhere else: a
   * line that this gate has to change is written without them.
   */
  resultLines(lines: readonly StyledLine[], paint?: Paint): void;
  /** The result as JSON, on one line. */
  resultJson(value: object): void;
  /** JSON of the result that is too long for one text, and a line feed. No secret may lie across two pieces. */
  resultParts(pieces: Iterable<string>): void;
  /** A piece of JSON that is written as it grows. */
  jsonPiece(text: string): void;
  /** A line of the result that may hold secrets, because the user asked for just them. */
  secretResult(text: string): void;
  /** Has GitHub's runner hide a secret from here on. */
  maskSecret(secret: string, stream: 'stdout' | 'stderr'): void;
  /** Something worth knowing; silent under `--quiet`. */
  note(text: string): void;
  /** Something that may be wrong. */
  warn(text: string): void;
  /** Detail for `--debug`. */
  debug(text: string): void;
  /** A failure, in three lines or as one JSON object. */
  error(error: DeployMarkerError, form: ErrorForm & { readonly json: boolean }): void;
  /** The stacks of what was caught, for `--debug`. */
  stacks(caught: unknown): void;
}

/** How much a run says. */
export interface OutputFlags {
  readonly quiet: boolean;
  readonly debug: boolean;
}

/** Makes the output of one run. */
export function createOutput(io: Io, flags: OutputFlags, { redact }: Redactor): Output {
  const toLine = (text: string): string => `${toHarmlessLines(toOneLine(redact(text)))}\n`;
  const toLines = (text: string): string => toHarmlessLines(redact(text));
  const jsonPiece = (text: string): void => io.stdout.write(toVisibleJson(redact(text)));
  const tell = (lines: string): void => io.stderr.write(forReader(lines, io));
  const say = (text: string): void => tell(toLine(text));
  return {
    result: text => io.stdout.write(toLine(text)),
    results: texts => texts.length > 0 && io.stdout.write(texts.map(toLine).join('')),
    resultText: text => io.stdout.write(toLines(text.endsWith('\n') ? text : `${text}\n`)),
    resultLines: (lines, paint) =>
      io.stdout.write(lines.map(line => `${toPainted(line, toLines, paint)}\n`).join('')),
    resultJson: value => jsonPiece(`${JSON.stringify(value)}\n`),
    resultParts(pieces) {
      for (const piece of pieces) jsonPiece(piece);
      io.stdout.write('\n');
    },
    jsonPiece,
    secretResult: text => io.stdout.write(`${text}\n`),
    maskSecret: (secret, stream) => io[stream].write(`::add-mask::${toCommandData(secret)}\n`),
    note: text => flags.quiet || say(text),
    warn: text => say(`warning: ${text}`),
    debug: text => flags.debug && say(`debug: ${text}`),
    error: (error, { json, ...form }) =>
      json
        ? io.stderr.write(toVisibleJson(redact(renderErrorJson(error, form))))
        : tell(toLines(renderError(error, { ...form, clean: redact }))),
    stacks: caught => flags.debug && io.stderr.write(toLines(renderStacks(caught))),
  };
}

/** Lines for people, each ended by a line feed, as wide as the terminal where one is looked at. */
function forReader(lines: string, io: Io): string {
  const columns = columnsOfReader(io);
  if (columns === undefined) return lines;
  return lines
    .split('\n')
    .map(line => foldLine(line, columns))
    .join('\n');
}

function toPainted(line: StyledLine, toHarmless: (text: string) => string, paint: Paint | undefined): string {
  const plain = line.map(({ text }) => text).join('');
  const harmless = toHarmless(plain).replaceAll('\n', ' ');
  if (paint === undefined || harmless !== plain) return harmless;
  return line
    .map(({ text, tone }) => (tone === undefined || text === '' ? text : paint(text, tone)))
    .join('');
}

/** Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands; the runner takes this back. */
function toCommandData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
