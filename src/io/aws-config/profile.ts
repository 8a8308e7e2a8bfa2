import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { quote } from '../../core/base/quote.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { withFileLock } from '../file/lock.ts';
import { readPrivately, replacePrivately, toBytes } from '../file/private.ts';
import { findSections, type LineRange } from './sections.ts';

/** The line that marks a section as written here. */
export const OURS = '# written by deploy-marker assume-role, which replaces this section as a whole';

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
  { force, signal }: { force: boolean; signal?: AbortSignal },
): Promise<void> {
  const values = Object.entries(settings).map(([key, value]) => `${key} = ${value}`);
  const section = [headerOf(profile), OURS, ...values].map(toBytes);
  await editLines(
    path,
    lines => {
      refuseOthers(path, lines, { profile, force });
      const [first, ...others] = sectionsOf(lines, profile);
      const kept = others.reverse().reduce<readonly string[]>(cutOut, lines);
      const before = first === undefined ? kept : kept.slice(0, first.start);
      const after = first === undefined ? [] : kept.slice(first.end);
      const space = first === undefined ? blankAfter(before.at(-1)) : [];
      return [...before, ...space, ...section, ...blankAfter(after[0]), ...after];
    },
    signal,
  );
}

/**
 * Checks that {@link writeProfile} would not refuse the sections that are there now.
 *
 * @throws DeployMarkerError FILE_UNWRITABLE
 */
export async function checkProfile(
  path: string,
  profile: string,
  { force }: { force: boolean },
): Promise<void> {
  refuseOthers(path, (await readPrivately(path))?.text.split('\n') ?? [], { profile, force });
}

/** Takes a profile's section away again, if it is ours. */
export async function removeProfile(path: string, profile: string, signal?: AbortSignal): Promise<void> {
  if ((await readPrivately(path)) === undefined) return;
  await editLines(
    path,
    lines => {
      const found = sectionsOf(lines, profile);
      if (found.length === 0) return lines;
      const ours = found.filter(section => isOurs(lines, section));
      if (ours.length === 0) throw notOurs(path, profile);
      return ours.reverse().reduce<readonly string[]>(cutOut, lines);
    },
    signal,
  );
}

/**
 * Replaces the lines of one of AWS's files, by rename and under a lock; its folder is made if it is not there. Nothing is written if
 * `edit` gives back what it got.
 *
 * @param edit takes and gives lines of one character a byte
 * @param signal ends the wait for the lock
 * @throws DeployMarkerError FILE_UNWRITABLE
 */
export async function editLines(
  path: string,
  edit: (lines: readonly string[]) => readonly string[],
  signal?: AbortSignal,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const replace = async (): Promise<void> => {
    const current = await readPrivately(path);
    const lines =
      current === undefined || current.text === '' ? [] : current.text.replace(/\n$/, '').split('\n');
    const edited = edit(lines);
    if (edited === lines) return;
    const text = edited.join('\n').replace(/\n+$/, '');
    await replacePrivately(path, text === '' ? '' : `${text}\n`, { mode: current?.mode });
  };
  await withFileLock(`${path}.deploy-marker.lock`, replace, signal);
}

/** Every section of the profile, however it is spelt, without what stands right above the next one and is about that. */
function sectionsOf(lines: readonly string[], profile: string): LineRange[] {
  return findSections(lines, profile, 'config').map(({ start, end }) => {
    let last = end;
    while (/^\s*([#;].*)?$/.test(lines[last - 1] ?? '') && lines[last - 1] !== OURS) last -= 1;
    return { start, end: last };
  });
}

function isOurs(lines: readonly string[], { start, end }: LineRange): boolean {
  return lines.slice(start, end).includes(OURS);
}

function cutOut(lines: readonly string[], { start, end }: LineRange): readonly string[] {
  const [before, after] = [lines.slice(0, start), lines.slice(end)];
  return before.at(-1) === '' && after[0] === '' ? [...before, ...after.slice(1)] : [...before, ...after];
}

/** A second section of the same profile would hide the first, or add to it. @throws DeployMarkerError FILE_UNWRITABLE */
function refuseOthers(
  path: string,
  lines: readonly string[],
  { profile, force }: { profile: string; force: boolean },
): void {
  if (force || sectionsOf(lines, profile).every(section => isOurs(lines, section))) return;
  throw notOurs(path, profile);
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
