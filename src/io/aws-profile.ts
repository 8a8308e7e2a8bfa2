import { mkdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { quote } from '../core/quote.ts';
import { DeployMarkerError } from '../errors/deploy-marker-error.ts';
import { withFileLock } from './file-lock.ts';
import type { Env } from './io.ts';
import { readPrivately, replacePrivately, toBytes } from './private-file.ts';

const OURS = '# written by deploy-marker assume-role, which replaces this section as a whole';

/** The AWS configuration file: `AWS_CONFIG_FILE`, else `~/.aws/config`. */
export function awsConfigPath(env: Env): string {
  return env['AWS_CONFIG_FILE'] || join(env['HOME'] || homedir(), '.aws', 'config');
}

/**
 * The shared credentials file (`AWS_SHARED_CREDENTIALS_FILE`, else `~/.aws/credentials`) if it has keys for a profile: SDKs
 * and CLI take those before the `credential_process` of the configuration file.
 */
export async function findHidingKeys(env: Env, profile: string): Promise<string | undefined> {
  const path = env['AWS_SHARED_CREDENTIALS_FILE'] || join(env['HOME'] || homedir(), '.aws', 'credentials');
  // What we cannot read says nothing, and the profile was written all the same.
  const text = await readFile(path, 'utf8').catch(() => '');
  const lines = text.split(/\r?\n/);
  const start = lines.findIndex(line => /^\s*\[\s*(.+?)\s*\]/.exec(line)?.[1] === profile);
  if (start === -1) return undefined;
  const rest = lines.slice(start + 1);
  const length = rest.findIndex(line => line.trimStart().startsWith('['));
  const section = length === -1 ? rest : rest.slice(0, length);
  return section.some(line => /^\s*aws_access_key_id\s*=\s*\S/i.test(line)) ? path : undefined;
}

/**
 * Checks the name of a profile; brackets, quotes and spaces would end up in the file's syntax.
 *
 * @throws DeployMarkerError USAGE
 */
export function checkProfileName(name: string): string {
  if (/^[\w.+=,@/-]{1,64}$/.test(name)) return name;
  throw new DeployMarkerError(
    'USAGE',
    `${quote(name)} cannot be a profile; use 1 to 64 of A-Z a-z 0-9 _ . + = , @ / -`,
  );
}

/**
 * Writes a profile's section, replacing the one that an earlier call wrote. The file is replaced by rename under a
 * lock, so that processes beside us neither read half of it nor lose their own change to ours.
 *
 * @param settings lines of the section by key
 * @throws DeployMarkerError FILE_UNWRITABLE, also if the section is there and not ours and `force` is not given.
 */
export async function writeProfile(
  path: string,
  profile: string,
  settings: Readonly<Record<string, string>>,
  { force }: { force: boolean },
): Promise<void> {
  const values = Object.entries(settings).map(([key, value]) => `${key} = ${value}`);
  const section = [headerOf(profile), OURS, ...values].map(toBytes);
  await editConfig(path, lines => {
    const { before, found, after } = splitAt(lines, profile);
    if (found.length > 0 && !found.includes(OURS) && !force) throw notOurs(path, profile);
    const space = found.length === 0 ? blankAfter(before.at(-1)) : [];
    return [...before, ...space, ...section, ...blankAfter(after[0]), ...after];
  });
}

/**
 * Checks that {@link writeProfile} would not refuse the section that is there now.
 *
 * @throws DeployMarkerError FILE_UNWRITABLE
 */
export async function checkProfile(
  path: string,
  profile: string,
  { force }: { force: boolean },
): Promise<void> {
  const { found } = splitAt((await readPrivately(path))?.text.split('\n') ?? [], profile);
  if (found.length > 0 && !found.includes(OURS) && !force) throw notOurs(path, profile);
}

/** Takes a profile's section away again, if it is ours. */
export async function removeProfile(path: string, profile: string): Promise<void> {
  if ((await readPrivately(path)) === undefined) return;
  await editConfig(path, lines => {
    const { before, found, after } = splitAt(lines, profile);
    if (found.length === 0) return lines;
    if (!found.includes(OURS)) throw notOurs(path, profile);
    return before.at(-1) === '' && after[0] === '' ? [...before, ...after.slice(1)] : [...before, ...after];
  });
}

async function editConfig(path: string, edit: (lines: string[]) => string[]): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await withFileLock(`${path}.deploy-marker.lock`, async () => {
    const current = await readPrivately(path);
    const lines =
      current === undefined || current.text === '' ? [] : current.text.replace(/\n$/, '').split('\n');
    const edited = edit(lines);
    if (edited === lines) return;
    const text = edited.join('\n').replace(/\n+$/, '');
    await replacePrivately(path, text === '' ? '' : `${text}\n`, { mode: current?.mode });
  });
}

interface Split {
  readonly before: readonly string[];
  readonly found: readonly string[];
  readonly after: readonly string[];
}

function splitAt(lines: readonly string[], profile: string): Split {
  const start = lines.findIndex(line => profileOf(line) === profile);
  if (start === -1) return { before: lines, found: [], after: [] };
  const length = lines.slice(start + 1).findIndex(line => line.trimStart().startsWith('['));
  let end = length === -1 ? lines.length : start + 1 + length;
  // What stands right above a section is about that one.
  while (/^\s*([#;].*)?$/.test(lines[end - 1] ?? '') && lines[end - 1] !== OURS) end -= 1;
  return { before: lines.slice(0, start), found: lines.slice(start, end), after: lines.slice(end) };
}

/** The profile whose section the line begins: `[profile NAME]`, NAME quoted or not, or `[default]`. */
function profileOf(line: string): string | undefined {
  const match = /^\s*\[\s*(?:profile\s+(["']?)(.+?)\1|(default))\s*\]/.exec(line);
  return match?.[2] ?? match?.[3];
}

function blankAfter(neighbour: string | undefined): string[] {
  return neighbour === undefined || neighbour === '' ? [] : [''];
}

function headerOf(profile: string): string {
  return profile === 'default' ? '[default]' : `[profile ${profile}]`;
}

function notOurs(path: string, profile: string): DeployMarkerError {
  return new DeployMarkerError(
    'FILE_UNWRITABLE',
    `profile ${profile} in ${path} was not written by deploy-marker`,
    {
      hint: 'choose another --profile, or pass --force to replace it',
    },
  );
}
