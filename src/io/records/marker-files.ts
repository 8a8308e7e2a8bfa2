import { statSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isUtf16, UTF_16_HINT } from '../../core/base/json-text.ts';
import { nameSome } from '../../core/base/name-some.ts';
import { describeInFile } from '../../core/base/problem.ts';
import { ProblemList } from '../../core/base/problem-list.ts';
import { quote } from '../../core/base/quote.ts';
import type { Marker } from '../../core/marker/marker.ts';
import { parseStoredMarker } from '../../core/marker/stored.ts';
import type { Gaps, MarkerSource, ReadOptions } from '../../core/source/source.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { isCode } from '../file/error-code.ts';
import { describeFileFault } from '../file/file-fault.ts';
import { isGzip } from '../trail/gzip-members.ts';
import { openByteStream } from './byte-stream.ts';
import { FoldedFailures } from './folded-failures.ts';
import { readJsonRecords } from './json-records.ts';
import { guessPlace } from './place-guess.ts';

/** Fields in the head of a CloudTrail log, of which a marker has none. */
const LOG_FIELD = /"(?:Records|eventSource)"\s*:/;
const HEAD = 4096;
/** As many empty files are named. */
const MOST_NAMED = 5;

/**
 * Markers in files as the `file` sink writes them, or in a folder of such files (`*.jsonl`, at any depth). All are read
 * whatever their time. A line that holds no marker is a gap (MARKER_INVALID); the others are read. A line that breaks off at
 * the end, or did when the next marker was written, is passed over: nobody was told that its marker was stored. A file
 * without a byte holds none, and is told: a copy that failed looks like that. `/dev/null` is meant.
 *
 * @param path absolute
 * @param title the path as it was given
 */
export function createMarkerFiles(path: string, title: string): MarkerSource {
  return {
    title,
    async read(_range, take, { signal, onLeftOut }) {
      const gaps = new FoldedFailures('file');
      const files = await findFiles(path, title);
      const empty: string[] = [];
      for (const file of files) {
        const isEmpty = await readFile(file, take, { signal, onLeftOut, gaps });
        if (isEmpty) empty.push(file.title);
      }
      const names = isDevice(path) ? [] : empty.map(quote);
      if (names.length > 0) {
        const message = `${nameSome(names, MOST_NAMED)} ${names.length === 1 ? 'is' : 'are'} empty, as a copy that failed: no marker is there`;
        onLeftOut?.({ kind: 'not-seen', message, count: names.length });
      }
      return gaps.toErrors() satisfies Gaps;
    },
  };
}

/** @returns whether there was nothing to read */
async function readFile(
  { path, title }: MarkerFile,
  take: (marker: Marker) => void,
  { signal, onLeftOut, gaps }: Pick<ReadOptions, 'signal' | 'onLeftOut'> & { readonly gaps: FoldedFailures },
): Promise<boolean> {
  const problems = new ProblemList();
  let [isEmpty, hasFailed] = [true, false];
  let hint: string | undefined;
  const see = (chunk: Buffer): void => {
    if (isEmpty) hint = hintFor(chunk);
    isEmpty = false;
  };
  try {
    for await (const block of readJsonRecords(watch(await openByteStream(path, signal), see))) {
      for (const { line, value, problem, isTorn } of block) {
        if (isTorn) {
          const message = `${quote(title)} breaks off within line ${line}, as where a write was cut short: that marker is left out`;
          onLeftOut?.({ kind: 'passed-over', message, count: 1 });
          continue;
        }
        const { value: marker, problems: wrong } =
          problem === undefined ? parseStoredMarker(value) : { value: undefined, problems: [problem] };
        if (marker !== undefined) take(marker);
        for (const each of wrong) problems.add(() => describeInFile(title, line, each));
      }
    }
  } catch (error) {
    signal.throwIfAborted();
    gaps.add(unreadable(title, error));
    hasFailed = true;
  }
  if (problems.count > 0) gaps.add(invalid(title, problems, hint), problems);
  return isEmpty && !hasFailed;
}

/** What to do with a file that holds something else than markers, as far as its beginning tells. */
function hintFor(head: Buffer): string | undefined {
  if (isGzip(head) || LOG_FIELD.test(head.toString('latin1', 0, HEAD)))
    return 'it looks like a CloudTrail log; pass it with --changes';
  return isUtf16(head.toString('latin1', 0, HEAD)) ? UTF_16_HINT : undefined;
}

async function* watch(
  chunks: AsyncIterable<Buffer>,
  see: (chunk: Buffer) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    see(chunk);
    yield chunk;
  }
}

interface MarkerFile {
  readonly path: string;
  readonly title: string;
}

async function findFiles(path: string, title: string): Promise<MarkerFile[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [{ path, title }];
    const entries = await readdir(path, { recursive: true });
    const names = entries.filter(name => name.endsWith('.jsonl')).sort();
    if (names.length === 0) throw noMarkers(title, entries);
    return names.map(name => ({ path: join(path, name), title: join(title, name) }));
  } catch (error) {
    throw error instanceof DeployMarkerError ? error : unreadable(title, error);
  }
}

function noMarkers(title: string, entries: readonly string[]): DeployMarkerError {
  const hasLogs = entries.some(name => /\.json(?:\.gz)?$/.test(name));
  return new DeployMarkerError(
    'INPUT_UNREADABLE',
    `markers cannot be read from ${quote(title)}: the folder holds no *.jsonl file`,
    {
      hint: hasLogs
        ? 'it looks like a folder of CloudTrail logs; pass it with --changes'
        : 'name a file or folder of markers with --markers',
    },
  );
}

function unreadable(title: string, error: unknown): DeployMarkerError {
  return new DeployMarkerError(
    'INPUT_UNREADABLE',
    `markers cannot be read from ${quote(title)}: ${describeFileFault(error, 'read')}`,
    {
      hint:
        (isCode(error, 'ENOENT') ? guessPlace(title, '--markers') : undefined) ??
        'name a file or folder of markers with --markers',
      cause: error,
    },
  );
}

function isDevice(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isCharacterDevice() === true;
}

function invalid(title: string, problems: ProblemList, hint: string | undefined): DeployMarkerError {
  const lines = problems.count === 1 ? '1 problem' : `${problems.count} problems`;
  return new DeployMarkerError('MARKER_INVALID', `${quote(title)} has ${lines}: ${problems.first}`, {
    hint: hint ?? `check it with deploy-marker validate ${title}`,
    problems: problems.toLines(),
  });
}
