import { quote } from '../../core/base/quote.ts';
import { EVERYWHERE, isEverywhere, type PlaceChoice, PlacesSeen } from '../../core/source/place-choice.ts';
import type { ChangeSource, ReadOptions } from '../../core/source/source.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { isCode } from '../file/error-code.ts';
import { FoldedFailures } from '../records/folded-failures.ts';
import { guessPlace } from '../records/place-guess.ts';
import { readTrailFiles } from './files.ts';
import { findTrailFiles, type Passed } from './folder.ts';
import { sourcesFor } from './log-reader.ts';

/**
 * CloudTrail logs in a file or a folder, as trails deliver them to S3, or as commands and exports print them. All are read whatever
 * their time. Those that fail are at most one gap for each code.
 *
 * @param path absolute
 * @param title the path as it was given
 * @param asked accounts and Regions of which records have to be there; those of others are handed over, too
 */
export function createTrailLogs(path: string, title: string, asked: PlaceChoice = EVERYWHERE): ChangeSource {
  return {
    title,
    kind: 'files',
    async read({ services }, take, { signal, onProgress, onLeftOut }) {
      const { files, failures, passedOver, noLogs } = await findTrailFiles([path], signal);
      const folded = new FoldedFailures('file');
      for (const failure of failures) folded.add(withGuess(failure, title));
      tellPassed(passedOver, 'by AWS beside the logs of events', onLeftOut);
      tellPassed(noLogs, 'without records of CloudTrail, and not called *.json or *.json.gz', onLeftOut);
      const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
      let done = 0;
      const onRead = (bytes: number): void => {
        done += bytes;
        // Of a pipe nobody knows how much there is.
        if (total > 0) onProgress?.(Math.min(1, done / total));
      };
      const seen = new PlacesSeen(asked);
      const watched = (record: unknown): void => {
        seen.add(record);
        take(record);
      };
      const taking = isEverywhere(asked) ? take : watched;
      await readTrailFiles(files, {
        sources: sourcesFor(services),
        take: taking,
        glance: taking,
        signal,
        onRead,
        onFailure: (failure, problems) => folded.add(failure, problems),
      });
      return [...seen.toErrors(title), ...folded.toErrors()];
    },
  };
}

function tellPassed({ count, names }: Passed, what: string, onLeftOut: ReadOptions['onLeftOut']): void {
  if (count === 0) return;
  const some = [...names].map(quote).join(', ');
  const files = count === 1 ? '1 file' : `${count.toLocaleString('en')} files`;
  onLeftOut?.({ kind: 'passed-over', count, message: `${files} ${what} passed over: ${some}` });
}

/** What is not there may be meant as another place. */
function withGuess(failure: DeployMarkerError, title: string): DeployMarkerError {
  const { code, message, cause } = failure;
  const hint = isCode(cause, 'ENOENT') ? guessPlace(title, '--changes') : undefined;
  return hint === undefined ? failure : new DeployMarkerError(code, message, { hint, cause });
}
