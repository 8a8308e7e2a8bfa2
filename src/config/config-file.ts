import { existsSync, lstatSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { quote } from '../core/base/quote.ts';
import { DeployMarkerError } from '../errors/deploy-marker-error.ts';
import { describeFileFault } from '../io/file/file-fault.ts';
import type { Option, OptionTable } from './option.ts';
import type { RawValue } from './resolve.ts';

/** Where markers go when nothing is configured outside CI, and where they are then read. */
export const FALLBACK_FILE = './deploy-markers.jsonl';

/** The file that is read where `--config` names no other, if it is there. */
export const DEFAULT_CONFIG_FILE = 'deploy-marker.json';

// What a flag's type may be in the file; text is taken for all of them, as in the environment.
const FORMS = {
  string: 'a string or a number',
  list: 'a string or a list of strings',
  boolean: 'true or false',
} as const satisfies Record<Option['type'], string>;

/** What stands in help for the value of a flag that is a path. */
const PATH_VALUES: readonly (string | undefined)[] = ['FILE', 'DIR', 'PATH'];

/** Settings by the name of their flag. */
export type ConfigFile = Readonly<Record<string, RawValue>>;

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
  const known = await loadKnown();
  const json = parseJson(text);
  if (json === undefined) throw await noJson(text, file);
  const settings = parseConfig(json, file, known);
  if (path === undefined) refusePathsOutside(settings, { file, cwd, known });
  return settings;
}

/** @throws DeployMarkerError CONFIG_INVALID */
function refusePathsOutside(
  settings: ConfigFile,
  { file, cwd, known }: { readonly file: string; readonly cwd: string; readonly known: OptionTable },
): void {
  const outside = Object.entries(settings).flatMap(([key, value]) =>
    PATH_VALUES.includes(known[key]?.value) && typeof value === 'string' && leadsOutside(value, cwd)
      ? `${quote(key)} leads out of the checkout, got ${quote(value)}`
      : [],
  );
  if (outside.length === 0) return;
  throw new DeployMarkerError('CONFIG_INVALID', `${file} does not hold: ${outside.join('; ')}`, {
    hint: 'name a path inside of the checkout, or name the file of settings itself with --config',
  });
}

/** An address such as s3://BUCKET/KEY is no path. Symbolic links come with a checkout, too. */
function leadsOutside(path: string, cwd: string): boolean {
  if (/^s3:\/\//i.test(path)) return false;
  if (isAbsolute(path) || path.startsWith('~') || path.split(/[/\\]/).includes('..')) return true;
  const real = realPlaceOf(resolve(cwd, path));
  if (real === undefined) return true;
  const way = relative(realpathSync(cwd), real);
  return isAbsolute(way) || way.split(/[/\\]/)[0] === '..';
}

/** Where the path leads, or the nearest folder above it that is there; undefined behind a link to what is not there. */
function realPlaceOf(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
    return isLink || dirname(path) === path ? undefined : realPlaceOf(dirname(path));
  }
}

// Synchronous, and asking before reading: for one small file that is mostly not there, node:fs/promises and an error
// with its stack take longer than all else here.
function readText(path: string, mayBeMissing: boolean): string | undefined {
  if (mayBeMissing && !existsSync(path)) return undefined;
  try {
    // A pipe would hold the process where no signal reaches it, and a device may never end.
    if (!statSync(path).isFile()) throw new Error('it is not a regular file');
    // Editors on Windows put a byte order mark in front.
    return readFileSync(path, 'utf8').replace(/^\ufeff/, '');
  } catch (error) {
    const message = `the configuration file ${path} cannot be read: ${describeFileFault(error, 'read')}`;
    throw new DeployMarkerError('INPUT_UNREADABLE', message, {
      hint: 'name a readable file with --config',
      cause: error,
    });
  }
}

/** What tells where the fault is, is loaded where there is one: this file is read at each start. */
async function noJson(text: string, file: string): Promise<DeployMarkerError> {
  const { isUtf16, placeOfFault, UTF_16_HINT } = await import('../core/base/json-text.ts');
  if (isUtf16(text))
    return new DeployMarkerError('CONFIG_INVALID', `${file} is not UTF-8`, { hint: UTF_16_HINT });
  const why = text.trim() === '' ? 'is empty' : `is not JSON at ${placeOfFault(text)}`;
  return new DeployMarkerError('CONFIG_INVALID', `${file} ${why}`, { hint: `correct ${file}` });
}

function parseConfig(json: unknown, file: string, known: OptionTable): ConfigFile {
  const invalid = (why: string): DeployMarkerError =>
    new DeployMarkerError('CONFIG_INVALID', `${file} ${why}`, { hint: `correct ${file}` });
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw invalid('is not a JSON object');
  const settings: Record<string, RawValue> = {};
  const problems: string[] = [];
  for (const [key, value] of Object.entries(json)) {
    const option = Object.hasOwn(known, key) ? known[key] : undefined;
    if (option === undefined || option.configurable === false) {
      // By its beginning: this is read at each start, for which distances between words take too long to load.
      const near = Object.keys(known).filter(
        name => known[name]?.configurable !== false && key.length > 3 && name.startsWith(key.slice(0, 4)),
      );
      problems.push(
        `${quote(key)} is not a setting${near.length === 1 ? ` (did you mean ${near[0]}?)` : ''}`,
      );
      continue;
    }
    const parsed = toRawValue(value, option);
    if (parsed === undefined) {
      const got = option.secret ? '' : `, got ${quote(value)}`;
      problems.push(`${quote(key)} must be ${FORMS[option.type]}${got}`);
    } else settings[key] = parsed;
  }
  if (problems.length > 0) throw invalid(`does not hold: ${problems.join('; ')}`);
  return settings;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function toRawValue(value: unknown, { type }: Option): RawValue | undefined {
  if (typeof value === 'string') return value;
  if (type === 'boolean') return typeof value === 'boolean' ? value : undefined;
  if (typeof value === 'number') return String(value);
  const isList = Array.isArray(value) && value.every(item => typeof item === 'string');
  return type === 'list' && isList ? value : undefined;
}
