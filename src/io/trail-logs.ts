import type { ChangeSource } from '../core/ports.ts';
import { foldFailures } from './folded-failures.ts';
import { readTrailFiles } from './trail-files.ts';
import { findTrailFiles } from './trail-folder.ts';

/**
 * CloudTrail logs in a file or a folder, as trails deliver them to S3. All are read whatever their time. Those that fail are at most one gap
 * for each code.
 *
 * @param path absolute
 * @param title the path as it was given
 */
export function createTrailLogs(path: string, title: string): ChangeSource {
  return {
    title,
    kind: 'files',
    async read({ services }, take, { signal, onProgress }) {
      const { files, failures } = await findTrailFiles([path], signal);
      const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
      let done = 0;
      const onRead = (bytes: number): void => {
        done += bytes;
        // Of a pipe nobody knows how much there is.
        if (total > 0) onProgress?.(Math.min(1, done / total));
      };
      const needles = [...new Set([...services, 'sts'])].map(service => `"${service}.amazonaws.com"`);
      const read = await readTrailFiles(files, { needles, take, glance: take, signal, onRead });
      return foldFailures([...failures, ...read.failures], 'file');
    },
  };
}
