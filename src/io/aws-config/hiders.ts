import { readFile } from 'node:fs/promises';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import type { Env } from '../io.ts';
import { awsConfigPath, awsCredentialsPath } from './files.ts';
import { editLines, OURS } from './profile.ts';
import { type AwsFileKind, findSections, type LineRange, readSetting, sectionsForAll } from './sections.ts';

/**
 * Settings of the credentials file that AWS's tools take before the `credential_process` of the configuration file, or in its place:
 * both files make one profile there, and the credentials file wins.
 * Source: botocore's credentials.py (create_credential_resolver) and
 * https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
 */
const HIDING =
  /^(?:aws_access_key_id|aws_secret_access_key|aws_session_token|aws_security_token|credential_process|credential_source|login_session|role_arn|source_profile|web_identity_token_file|sso_\w+)$/;

/** Those that do not count beside a `credential_process` in one section of the configuration file. */
const OWN = /^(?:aws_|credential_process$)/;

/** What stands before a line that `--force` put aside, and that `--clear` brings back. */
const ASIDE = '# put aside by deploy-marker assume-role: ';

/** What is to be written. */
export interface WrittenProfile {
  readonly profile: string;
  /** Whether it says a Region of its own, which one in the credentials file would outrank. */
  readonly hasRegion: boolean;
}

/** What of AWS's files and the environment would be taken before the profile that is to be written. */
export interface Hiders {
  /** Only files that have some. */
  readonly places: readonly HidingPlace[];
  /** Names of variables. */
  readonly variables: readonly string[];
}

/** A file, and the keys in it that hide the profile. */
export interface HidingPlace {
  readonly file: string;
  readonly settings: readonly string[];
}

/** Looks for what would hide a profile. What cannot be read hides nothing, for AWS's tools pass it over, too. */
export async function findHiders(env: Env, written: WrittenProfile): Promise<Hiders> {
  const places = await Promise.all(
    filesOf(env).map(async ({ file, kind }) => {
      const lines = (await readFile(file, 'latin1').catch(() => '')).split('\n');
      const settings = hidingLines(lines, kind, written).flatMap(
        index => readSetting(lines[index] ?? '')?.key ?? [],
      );
      return { file, settings: [...new Set(settings)] };
    }),
  );
  return {
    places: places.filter(({ settings }) => settings.length > 0),
    variables: hidingVariables(env, written.profile),
  };
}

function filesOf(env: Env): readonly { readonly file: string; readonly kind: AwsFileKind }[] {
  return [
    { file: awsCredentialsPath(env), kind: 'credentials' },
    { file: awsConfigPath(env), kind: 'config' },
  ];
}

/**
 * Checks that nothing would hide a profile.
 *
 * @throws DeployMarkerError CONFIG_INVALID, naming all that would
 */
export function refuseHiders({ places, variables }: Hiders, profile: string): void {
  const parts = [
    ...places.map(({ file, settings }) => `${settings.join(', ')} in ${file}`),
    ...(variables.length === 0 ? [] : [`the environment's ${variables.join(', ')}`]),
  ];
  if (parts.length === 0) return;
  const message = `profile ${profile} would be hidden by ${parts.join(' and ')}: AWS's tools take that first`;
  const hint =
    variables.length === 0
      ? 'remove it there, choose another --profile, or pass --force to have it put aside'
      : 'unset the variables, choose another --profile, or pass --force to have all of it put aside';
  throw new DeployMarkerError('CONFIG_INVALID', message, { hint });
}

/** Turns what hides a profile in AWS's files into comments. @throws DeployMarkerError FILE_UNWRITABLE */
export async function putAside(env: Env, written: WrittenProfile, signal?: AbortSignal): Promise<void> {
  for (const { file, kind } of filesOf(env)) {
    if (!(await has(file, ''))) continue;
    await editLines(
      file,
      lines => {
        const hiding = new Set(hidingLines(lines, kind, written));
        // Indented lines below belong to the value above them.
        lines.forEach((line, index) => {
          if (hiding.has(index - 1) && /^\s+\S/.test(line) && /^\S/.test(lines[index - 1] ?? ''))
            hiding.add(index);
        });
        return hiding.size === 0
          ? lines
          : lines.map((line, index) => (hiding.has(index) ? `${ASIDE}${line}` : line));
      },
      signal,
    );
  }
}

/** Brings back what {@link putAside} put aside for a profile. @throws DeployMarkerError FILE_UNWRITABLE */
export async function bringBack(env: Env, profile: string, signal?: AbortSignal): Promise<void> {
  for (const { file, kind } of filesOf(env)) {
    if (!(await has(file, ASIDE))) continue;
    await editLines(
      file,
      lines => {
        const sections = [...findSections(lines, profile, kind), ...sectionsForAll(lines)];
        return lines.map((line, index) =>
          line.startsWith(ASIDE) && isInside(sections, index) ? line.slice(ASIDE.length) : line,
        );
      },
      signal,
    );
  }
}

async function has(file: string, text: string): Promise<boolean> {
  return (await readFile(file, 'latin1').catch(() => undefined))?.includes(text) ?? false;
}

function isInside(sections: readonly LineRange[], index: number): boolean {
  return sections.some(({ start, end }) => index > start && index < end);
}

function hidingLines(
  lines: readonly string[],
  kind: AwsFileKind,
  { profile, hasRegion }: WrittenProfile,
): number[] {
  // In the configuration file the section of the profile is the one that is written.
  const own = kind === 'config' ? [] : findSections(lines, profile, kind);
  // Both variables may name one file, and then this is what an earlier call wrote.
  const others = own.filter(({ start, end }) => !lines.slice(start, end).includes(OURS));
  const forAll = kind === 'config' || others.length > 0 ? sectionsForAll(lines) : [];
  return [...others, ...forAll].flatMap(({ start, end }) =>
    lines.slice(start, end).flatMap((line, index) => {
      const key = readSetting(line)?.key ?? '';
      const hides =
        kind === 'config'
          ? HIDING.test(key) && !OWN.test(key)
          : HIDING.test(key) || (hasRegion && key === 'region');
      return hides ? [start + index] : [];
    }),
  );
}

/**
 * Of the AWS CLI alone: `AWS_PROFILE` does not keep it from taking these first, `AWS_DEFAULT_PROFILE` among them. For the profile that is
 * taken where none is named, both are in its place.
 */
function hidingVariables(env: Env, profile: string): string[] {
  const names = [
    ...(env['AWS_ACCESS_KEY_ID'] ? KEY_VARIABLES : []),
    ...(env['AWS_WEB_IDENTITY_TOKEN_FILE'] ? ['AWS_WEB_IDENTITY_TOKEN_FILE'] : []),
  ];
  const others = [...(profile === 'default' ? ['AWS_PROFILE'] : []), 'AWS_DEFAULT_PROFILE'];
  return [...names, ...others.filter(name => env[name] !== profile)].filter(name => env[name]);
}

/** Every variable that may hide a profile. */
export const UNSET_VARIABLES = [
  'AWS_PROFILE',
  'AWS_DEFAULT_PROFILE',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
] as const;

const KEY_VARIABLES = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'];
