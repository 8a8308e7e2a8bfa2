import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { describeInFile, type Problem } from '../core/problem.ts';
import { quote } from '../core/quote.ts';
import { checkRecord } from '../core/record.ts';
import { DeployMarkerError } from '../errors/deploy-marker-error.ts';
import { type JsonRecord, readJsonRecords } from '../io/json-records.ts';
import type { CommandContext, CommandInput } from './command.ts';
import type { VALIDATE_FLAGS } from './validate.flags.ts';

/** One thing that is wrong, with its place in a file. */
interface PlacedProblem extends Problem {
  readonly line: number;
}

/** What was found in one file. */
interface FileReport {
  readonly file: string;
  readonly records: number;
  readonly problems: readonly PlacedProblem[];
}

/**
 * Checks markers and audit events, from files or stdin, without any network: every problem of every record.
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
  if (json) out.result(JSON.stringify({ version: 1, files: reports }));
  else
    for (const report of reports.filter(isOk))
      out.result(`ok ${report.file}: ${describeCount(report.records)}`);

  const problems = reports.flatMap(({ file, problems }) =>
    problems.map(problem => describeInFile(file, problem.line, problem)),
  );
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
  const bad = reports.filter(report => !isOk(report)).map(report => report.file);
  throw new DeployMarkerError(
    'MARKER_INVALID',
    `${problems.length} ${problems.length === 1 ? 'problem' : 'problems'} in ${bad.join(', ')}`,
    { hint: 'correct the records named above', problems },
  );
}

async function validateFile(file: string, { io }: CommandContext): Promise<FileReport | DeployMarkerError> {
  const name = file === '-' ? 'stdin' : file;
  let records = 0;
  const problems: PlacedProblem[] = [];
  try {
    const bytes = file === '-' ? io.stdin : createReadStream(resolve(io.cwd, file), { signal: io.signal });
    for await (const block of readJsonRecords(bytes)) {
      records += block.length;
      for (const record of block) for (const problem of problemsOf(record)) problems.push(problem);
    }
  } catch (error) {
    io.signal.throwIfAborted();
    return new DeployMarkerError('INPUT_UNREADABLE', `${quote(name)} cannot be read: ${String(error)}`, {
      hint: 'name a readable file of JSON Lines, or a JSON object or array',
      cause: error,
    });
  }
  if (records === 0) problems.push({ line: 1, path: '', message: 'there is no record' });
  return { file: name, records, problems };
}

function problemsOf(record: JsonRecord): PlacedProblem[] {
  const problems = record.problem ? [record.problem] : checkRecord(record.value);
  return problems.map(({ path, message }) => ({ line: record.lineOf(path), path, message }));
}

function isOk(report: FileReport): boolean {
  return report.problems.length === 0;
}

function describeCount(records: number): string {
  return records === 1 ? '1 record' : `${records} records`;
}
