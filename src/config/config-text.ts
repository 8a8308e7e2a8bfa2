import { lstatSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { parseJson } from '../core/base/json-record.ts';
import { placeOfFault, refuseUtf16, withoutMark } from '../core/base/json-text.ts';
import { findNear } from '../core/base/nearest.ts';
import { quote } from '../core/base/quote.ts';
import { DeployMarkerError } from '../errors/deploy-marker-error.ts';
import type { Option, OptionTable } from './option.ts';
import type { RawValue } from './resolve.ts';

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
 * The settings in a configuration file.
 *
 * @param file how messages name it
 * @param known every flag that it may set
 * @throws DeployMarkerError CONFIG_INVALID naming every key that does not hold
 */
export function parseConfig(content: string, file: string, known: OptionTable): ConfigFile {
  const text = withoutMark(content);
  refuseUtf16(text, file);
  const invalid = (why: string): DeployMarkerError =>
    new DeployMarkerError('CONFIG_INVALID', `${file} ${why}`, { hint: `correct ${file}` });
  const json = parseJson(text);
  if (json === undefined)
    throw invalid(text.trim() === '' ? 'is empty' : `is not JSON at ${placeOfFault(text)}`);
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw invalid('is not a JSON object');
  const settings: Record<string, RawValue> = {};
  const problems: string[] = [];
  for (const [key, value] of Object.entries(json)) {
    const option = Object.hasOwn(known, key) ? known[key] : undefined;
    if (option === undefined || option.configurable === false) {
      const settable = Object.keys(known).filter(name => known[name]?.configurable !== false);
      const near = findNear(key, settable);
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

function toRawValue(value: unknown, { type }: Option): RawValue | undefined {
  if (typeof value === 'string') return value;
  if (type === 'boolean') return typeof value === 'boolean' ? value : undefined;
  if (typeof value === 'number') return String(value);
  const isList = Array.isArray(value) && value.every(item => typeof item === 'string');
  return type === 'list' && isList ? value : undefined;
}

/**
 * Refuses a file of settings whose paths lead out of the checkout.
 *
 * @throws DeployMarkerError CONFIG_INVALID
 */
export function refusePathsOutside(
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
