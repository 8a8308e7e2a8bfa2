import type { OptionSources } from '../config/resolve.ts';
import { describeSecret, describeSettings, hidePassword, type Setting } from '../config/settings.ts';
import type { Env } from '../io/io.ts';
import type { JobFacts } from './job-facts.ts';
import { allSettings } from './table.ts';

/** Variables of others that count here too; those of the second list are never shown. */
const VARIABLES = [
  'AWS_REGION',
  'AWS_DEFAULT_REGION',
  'AWS_PROFILE',
  'AWS_ACCESS_KEY_ID',
  'AWS_CREDENTIAL_EXPIRATION',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_ENDPOINT_URL',
  'AWS_ENDPOINT_URL_STS',
  'AWS_ENDPOINT_URL_CLOUDTRAIL_DATA',
  'AWS_ENDPOINT_URL_CLOUDTRAIL',
  'AWS_ENDPOINT_URL_CLOUDWATCH_LOGS',
  'AWS_ENDPOINT_URL_IAM',
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
  'BASH_ENV',
  'GITHUB_ENV',
];
const SECRET_VARIABLES = [
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'DEPLOY_MARKER_ID_TOKEN',
  'CIRCLE_OIDC_TOKEN_V2',
  'CIRCLE_OIDC_TOKEN',
  'ACTIONS_ID_TOKEN_REQUEST_URL',
  'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
];

/** Every setting of every command, then the variables of others that count; of secrets only that they are there. */
export function readSettings(sources: OptionSources, facts: JobFacts, file: string): Setting[] {
  const settings = describeSettings(allSettings(), sources, file).map(setting => fromJob(setting, facts));
  return [...settings, ...variables(sources.env)];
}

/** What CI, or git, says where nothing else does. */
function fromJob(setting: Setting, facts: JobFacts): Setting {
  const known: Readonly<Record<string, string | undefined>> = {
    'git-sha': facts.sha,
    workflow: facts.workflow ?? facts.uniqueRun,
    job: facts.job,
    url: facts.url,
    actor: facts.system,
  };
  const value = known[setting.name];
  if (setting.value !== null || value === undefined) return setting;
  return { ...setting, value, origin: 'ci', source: facts.system ?? 'git' };
}

function variables(env: Env): Setting[] {
  const shown = VARIABLES.map(name => ({ name, value: env[name] && hidePassword(env[name]) }));
  const secrets = SECRET_VARIABLES.map(name => ({ name, value: env[name] && describeSecret(env[name]) }));
  return [...shown, ...secrets].flatMap(({ name, value }) =>
    value ? [{ name, value, origin: 'environment' as const, source: 'environment' }] : [],
  );
}
