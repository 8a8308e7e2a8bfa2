import { type Option, twinOf } from '../../config/option.ts';
import { findValue, type OptionSources, resolveOptions } from '../../config/resolve.ts';
import { describeSecret, hidePassword, type Setting } from '../../config/settings.ts';
import { type DoctorCheck, failed } from '../../core/doctor-check.ts';
import { parseDuration } from '../../core/time/duration.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { holdsAddress, SECRET_VARIABLES } from '../../errors/redactor.ts';
import { toDeployMarkerError, worstOf } from '../../errors/render.ts';
import { awsRegionOf, currentProfile } from '../../io/aws-config/files.ts';
import type { Env } from '../../io/io.ts';
import { SETTINGS } from '../all-settings.ts';
import { parseSessionDuration } from '../assume-role/duration.ts';
import type { CommandContext } from '../command.ts';
import { EMIT_FLAGS } from '../emit/emit.flags.ts';
import { userOf } from '../emit/fields.ts';
import type { JobFacts } from '../job-facts.ts';
import { parseLimits } from '../sinks/limits.ts';
import { TRAIL_FLAGS } from '../trail/trail.flags.ts';
import { checkVariables } from './unread-variables.ts';

/** Variables of others that count here too, and may be shown. */
const VARIABLES = [
  'AWS_REGION',
  'AWS_DEFAULT_REGION',
  'AWS_PROFILE',
  'AWS_DEFAULT_PROFILE',
  'AWS_CONFIG_FILE',
  'AWS_SHARED_CREDENTIALS_FILE',
  'AWS_CREDENTIAL_EXPIRATION',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS',
  'AWS_ENDPOINT_URL',
  'AWS_ENDPOINT_URL_STS',
  'AWS_ENDPOINT_URL_CLOUDTRAIL_DATA',
  'AWS_ENDPOINT_URL_CLOUDTRAIL',
  'AWS_ENDPOINT_URL_CLOUDWATCH_LOGS',
  'AWS_ENDPOINT_URL_ATHENA',
  'AWS_ENDPOINT_URL_CLOUDFORMATION',
  'AWS_ENDPOINT_URL_IAM',
  'AWS_ENDPOINT_URL_SNS',
  'AWS_ENDPOINT_URL_S3',
  'AWS_CA_BUNDLE',
  'AWS_MAX_ATTEMPTS',
  'AWS_RETRY_MODE',
  'HTTPS_PROXY',
  'HTTP_PROXY',
  'ALL_PROXY',
  'NO_PROXY',
  'https_proxy',
  'http_proxy',
  'all_proxy',
  'no_proxy',
  'NODE_TLS_REJECT_UNAUTHORIZED',
  'BASH_ENV',
  'GITHUB_ENV',
];

/**
 * Every setting of every command, then the variables of others that count; of secrets only that they are there.
 *
 * @param described the settings by flags, variables and the file
 */
export function listSettings(described: readonly Setting[], env: Env, facts: JobFacts): Setting[] {
  const known: Readonly<Record<string, string | undefined>> = {
    'git-sha': facts.sha,
    workflow: facts.workflow ?? facts.uniqueRun,
    job: facts.job,
    url: facts.url === undefined ? undefined : hidePassword(facts.url),
    actor: facts.system ?? userOf(env),
  };
  const settings = described.map(setting => {
    if (setting.value !== null) return setting;
    const value = known[setting.name];
    if (value === undefined) return setting.name === 'region' ? fromAws(setting, env) : setting;
    const source = facts.system ?? (setting.name === 'actor' ? 'user' : 'git');
    return { ...setting, value, origin: 'ci' as const, source };
  });
  return [...settings, ...variables(env)];
}

/** The Region that AWS's own variables say, or the profile. */
function fromAws(setting: Setting, env: Env): Setting {
  const variable = ['AWS_REGION', 'AWS_DEFAULT_REGION'].find(name => env[name]);
  if (variable === undefined) {
    const own = awsRegionOf(env);
    if (own === undefined) return setting;
    return { ...setting, value: own, origin: 'environment', source: `the profile ${currentProfile(env)}` };
  }
  return { ...setting, value: env[variable] ?? null, origin: 'environment', source: variable };
}

function variables(env: Env): Setting[] {
  const shown = VARIABLES.map(name => ({
    name,
    value: env[name] && holdsAddress(name) ? hidePassword(env[name]) : env[name],
  }));
  // The address that GitHub gives a token at tells of the run, and of nothing that helps here.
  const hidden = [...SECRET_VARIABLES, 'ACTIONS_ID_TOKEN_REQUEST_URL'];
  const secrets = hidden.map(name => ({ name, value: env[name] && describeSecret(env[name]) }));
  const key = {
    name: 'AWS_ACCESS_KEY_ID',
    value: env['AWS_ACCESS_KEY_ID'] && describeKey(env['AWS_ACCESS_KEY_ID']),
  };
  return [...shown, key, ...secrets].flatMap(({ name, value }) =>
    value ? [{ name, value, origin: 'environment' as const, source: 'environment' }] : [],
  );
}

/**
 * Which key it is, as AWS's own tools tell it, where that leaves most of it out.
 * Its length: https://docs.aws.amazon.com/STS/latest/APIReference/API_Credentials.html
 */
function describeKey(id: string): string {
  return id.length < 16 ? describeSecret(id) : `(${id.length} characters, ends in ${id.slice(-4)})`;
}

/** What came of checking the settings. */
export interface CheckedSettings {
  readonly check: DoctorCheck;
  /** Without the settings that do not hold. */
  readonly sources: OptionSources;
}

/** Checks every setting as the command that has it would, as far as one value tells. */
export async function checkSettings(
  described: readonly Setting[],
  sources: OptionSources,
  context: CommandContext,
): Promise<CheckedSettings> {
  const problems: DeployMarkerError[] = [];
  let left = sources;
  const leaveOut = (name: string, option: Option, caught: unknown): void => {
    const { message, hint, code } = toDeployMarkerError(caught);
    const { source } = findValue(name, option, left);
    const told = message.includes(source) ? message : `${source}: ${message}`;
    problems.push(new DeployMarkerError(code, told, { hint }));
    left = without(name, option, left);
  };
  for (const { name, origin } of described) {
    const option = SETTINGS[name];
    // What nobody has set holds.
    const isSet = left.flags[name] !== undefined || (origin !== 'default' && origin !== 'absent');
    if (option === undefined || !isSet) continue;
    const { raw } = findValue(name, option, left);
    try {
      resolveOptions({ [name]: option }, left);
      if (typeof raw === 'string' && origin !== 'default') await checkValue(name, raw, context);
    } catch (error) {
      leaveOut(name, option, error);
    }
  }
  const worst = worstOf(problems);
  if (worst === undefined) {
    return { check: await checkVariables(sources.env, described), sources };
  }
  const [first, ...others] = problems.map(({ message }) => message);
  const check = failed(
    'settings',
    new DeployMarkerError(worst.code, first ?? '', { hint: worst.hint }),
    others,
  );
  return { check, sources: left };
}

/** One value, by the parser of the command that has it. */
async function checkValue(name: string, text: string, context: CommandContext): Promise<void> {
  switch (name) {
    case 'timeout':
      parseDuration(text, '--timeout');
      return;
    case 'duration':
      parseSessionDuration(text);
      return;
    case 'max-rate':
    case 'max-attempts':
      parseLimits({ ...resolveOptions(EMIT_FLAGS, EMPTY).values, [name]: text });
      return;
    case 'before':
    case 'after':
    case 'unfinished-after':
    case 'ignore':
    case 'services': {
      // What judges changes is most of all code, and few jobs that deploy set any of it.
      const { judgingOf } = await import('../trail/judge.ts');
      const value = name === 'ignore' ? text.split('\n').filter(Boolean) : text;
      judgingOf({ ...resolveOptions(TRAIL_FLAGS, EMPTY).values, [name]: value }, context);
    }
  }
}

const EMPTY: OptionSources = { flags: {}, env: {}, file: {} };

function without(name: string, option: Option, { flags, env, file }: OptionSources): OptionSources {
  const drop = { [twinOf(name)]: undefined, ...(option.alsoFrom ? { [option.alsoFrom]: undefined } : {}) };
  return {
    flags: { ...flags, [name]: undefined },
    env: { ...env, ...drop },
    file: { ...file, [name]: undefined },
  };
}
