import { existsSync, readFileSync, statSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { DeployMarkerError } from '../errors/deploy-marker-error.ts';
import { describeFileFault } from '../io/file/file-fault.ts';
import type { ConfigFile } from './config-text.ts';
import type { OptionTable } from './option.ts';

/** Where markers go when nothing is configured outside CI, and where they are then read. */
export const FALLBACK_FILE = './deploy-markers.jsonl';

/** The file that is read where `--config` names no other, if it is there. */
export const DEFAULT_CONFIG_FILE = 'deploy-marker.json';

/**
 * Reads the configuration file: one JSON object whose keys are flags without the dashes.
 *
 * @param path what `--config` says; without it `deploy-marker.json` in `cwd` is read if it exists.
 * @param loadKnown gives every flag that a configuration may set, of all commands; asked only where there is a file
 * The file that is read by itself comes with a checkout, and so from whoever may open a pull request: its paths stay inside.
 *
 * @throws DeployMarkerError INPUT_UNREADABLE, or CONFIG_INVALID naming every key that does not hold.
 */
export async function readConfigFile(
  path: string | undefined,
  cwd: string,
  loadKnown: () => Promise<OptionTable>,
): Promise<ConfigFile> {
  const file = path ?? DEFAULT_CONFIG_FILE;
  const text = readText(isAbsolute(file) ? file : resolve(cwd, file), path === undefined);
  if (text === undefined) return {};
  // Few starts find one.
  const { parseConfig, refusePathsOutside } = await import('./config-text.ts');
  const known = await loadKnown();
  const settings = parseConfig(text, file, known);
  if (path === undefined) refusePathsOutside(settings, { file, cwd, known });
  return settings;
}

// Synchronous, and asking before reading: for one small file that is mostly not there, node:fs/promises and an error
// with its stack take longer than all else here.
function readText(path: string, mayBeMissing: boolean): string | undefined {
  if (mayBeMissing && !existsSync(path)) return undefined;
  try {
    // A pipe would hold the process where no signal reaches it, and a device may never end.
    if (!statSync(path).isFile()) throw new Error('it is not a regular file');
    return readFileSync(path, 'utf8');
  } catch (error) {
    const message = `the configuration file ${path} cannot be read: ${describeFileFault(error, 'read')}`;
    throw new DeployMarkerError('INPUT_UNREADABLE', message, {
      hint: 'name a readable file with --config',
      cause: error,
    });
  }
}
