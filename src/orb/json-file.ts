import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { DeployMarkerError } from '../errors/deploy-marker-error.ts';
import { makeFolder } from '../io/file/folder.ts';
import type { TextSink } from '../io/io.ts';

const { O_CREAT, O_NONBLOCK, O_TRUNC, O_WRONLY } = constants;

/** A file that takes a result in place of the log. */
export interface JsonFile extends TextSink {
  close(): void;
}

/**
 * Empties or makes the file, with its folder.
 *
 * @throws DeployMarkerError USAGE if it cannot be written, a FIFO that nobody reads included
 */
export async function openJsonFile(path: string): Promise<JsonFile> {
  let descriptor: number;
  try {
    await makeFolder(dirname(path));
    descriptor = openSync(path, O_WRONLY | O_CREAT | O_TRUNC | O_NONBLOCK, 0o666);
  } catch (cause) {
    throw new DeployMarkerError('USAGE', `cannot write the report ${path}`, {
      hint: 'name another file',
      cause,
    });
  }
  let failure: Error | undefined;
  return {
    get failure() {
      return failure;
    },
    write(text) {
      try {
        let rest = Buffer.from(text);
        while (rest.length > 0) rest = rest.subarray(writeSync(descriptor, rest));
      } catch (error) {
        failure ??= error instanceof Error ? error : new Error(String(error));
      }
    },
    close: () => closeSync(descriptor),
  };
}
