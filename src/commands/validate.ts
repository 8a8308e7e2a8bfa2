import { resolve } from 'node:path';
import { describeInFile, type Problem } from '../core/base/problem.ts';
import { ProblemList } from '../core/base/problem-list.ts';
import { quote } from '../core/base/quote.ts';
import { checkRecord } from '../core/marker/checked-record.ts';
import { DeployMarkerError } from '../errors/deploy-marker-error.ts';
import { describeFileFault } from '../io/file/file-fault.ts';
import { openByteStream } from '../io/records/byte-stream.ts';
import { type JsonRecord, readJsonRecords } from '../io/records/json-records.ts';
import type { CommandContext, CommandInput } from './command.ts';
import type { VALIDATE_FLAGS } from './validate.flags.ts';

/** One thing that is wrong, with its place in a file. */
interface PlacedProblem extends Problem {
  readonly line: number;
}

/** So many problems of a file are listed in JSON; text shows fewer, and both count the others. */
const MOST_LISTED = 1000;

/** What was found in one file. */
interface FileReport {
  readonly file: string;
  readonly records: number;
  readonly problems: readonly PlacedProblem[];
  /** How many problems there are that are not listed, if there are any. */
  readonly more?: number;
}

/**
 * Checks markers and audit events, from files or stdin, without any network: all problems of every record, of which the
 * first of each file are shown.
 *
 * @throws DeployMarkerError MARKER_INVALID if anything does not hold; INPUT_UNREADABLE.
 */
export async function run(
  input: CommandInput<typeof VALIDATE_FLAGS>,
  context: CommandContext,
): Promise<void> {
  const { out, json } = context;
  const files = input.positionals.length === 0 ? ['-'] : input.positionals;
  const reports: FileReport[] = [];
  const unreadable: DeployMarkerError[] = [];
  for (const file of files) {
    const report = await validateFile(file, context);
    if (report instanceof DeployMarkerError) unreadable.push(report);
    else reports.push(report);
  }
  if (json) out.resultJson({ version: 1, files: reports });
  else
    for (const report of reports.filter(isOk))
      out.result(`ok ${report.file}: ${describeCount(report.records)}`);

  const problems = reports.flatMap(toLines);
  // A file that cannot be read counts before what is wrong with others, which is listed all the same.
  const [first] = unreadable;
  if (first !== undefined) {
    const others = unreadable.slice(1).map(({ message }) => message);
    throw new DeployMarkerError(first.code, first.message, {
      hint: first.hint,
      cause: first.cause,
      problems: [...problems, ...others],
    });
  }
  if (problems.length === 0) return;
  const count = reports.reduce((sum, report) => sum + countOf(report), 0);
  const bad = reports.filter(report => !isOk(report)).map(report => report.file);
  throw new DeployMarkerError(
    'MARKER_INVALID',
    `${count} ${count === 1 ? 'problem' : 'problems'} in ${bad.join(', ')}`,
    { hint: 'correct the records named above', problems },
  );
}

async function validateFile(file: string, { io }: CommandContext): Promise<FileReport | DeployMarkerError> {
  const name = file === '-' ? 'stdin' : file;
  let records = 0;
  const problems: PlacedProblem[] = [];
  let more = 0;
  try {
    const bytes = file === '-' ? io.stdin : await openByteStream(resolve(io.cwd, file), io.signal);
    for await (const block of readJsonRecords(bytes)) {
      records += block.length;
      for (const record of block) {
        const found = problemsOf(record);
        const room = MOST_LISTED - problems.length;
        for (const problem of found.slice(0, room)) problems.push(place(record, problem));
        more += Math.max(0, found.length - room);
      }
    }
  } catch (error) {
    io.signal.throwIfAborted();
    return new DeployMarkerError(
      'INPUT_UNREADABLE',
      `${quote(name)} cannot be read: ${describeFileFault(error, 'read')}`,
      {
        hint: 'name a readable file of JSON Lines, or a JSON object or array',
        cause: error,
      },
    );
  }
  if (records === 0) problems.push({ line: 1, path: '', message: 'there is no record' });
  return { file: name, records, problems, ...(more === 0 ? {} : { more }) };
}

function problemsOf(record: JsonRecord): readonly Problem[] {
  const own = record.problem ? [record.problem] : checkRecord(record.value);
  return record.ofBody === undefined ? own : [...record.ofBody, ...own];
}

function place(record: JsonRecord, { path, message }: Problem): PlacedProblem {
  return { line: record.lineOf(path), path, message };
}

function toLines({ file, problems, more = 0 }: FileReport): readonly string[] {
  const lines = new ProblemList();
  for (const problem of problems) lines.add(() => describeInFile(file, problem.line, problem));
  lines.addUntold(more);
  return lines.toLines();
}

function countOf({ problems, more = 0 }: FileReport): number {
  return problems.length + more;
}

function isOk(report: FileReport): boolean {
  return report.problems.length === 0;
}

function describeCount(records: number): string {
  return records === 1 ? '1 record' : `${records} records`;
}
