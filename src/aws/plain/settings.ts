import { existsSync } from 'node:fs';
import { checkRegion, partitionOf } from '../../core/base/region.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { findConfiguredEndpoint } from '../../io/aws-config/endpoint.ts';
import { awsConfigPath, awsCredentialsPath, readProfileSetting } from '../../io/aws-config/files.ts';
import type { Env } from '../../io/io.ts';
import type { PlainService } from './endpoint.ts';

/** How a service is asked: AWS's own settings, from the environment or else the profile of the shared configuration files. */
export interface CallSettings {
  readonly maxAttempts: number;
  /** Whether the rate of requests adapts to throttling (retry mode `adaptive`). */
  readonly isAdaptive: boolean;
  /** Whether requests are signed for the time that the service says it is. */
  readonly correctsClock: boolean;
  /** What the user agent says of the application. */
  readonly appId: string | undefined;
  /** The trace of the moment on Lambda, by which AWS finds loops. */
  readonly traceId: () => string | undefined;
}

/** The same, with where the service is. */
export interface Settings extends CallSettings {
  readonly endpoint: URL;
}

/** Which of AWS's own endpoints is meant; the names are those of AWS's rule sets. */
export interface EndpointPlan {
  readonly Region: string;
  readonly UseFIPS: boolean;
  readonly UseDualStack: boolean;
}

/** Settings, and what says where the service is. */
export interface PlacedSettings extends CallSettings {
  /** Whether S3 is asked for the checksums of what it gives. */
  readonly asksForChecksums: boolean;
  readonly env: Env;
  readonly plan: EndpointPlan;
}

/** Where a service is asked, and what counts in place of what is set. */
export interface PlainPlace {
  readonly region: string;
  /** Where the settings are read from; by default the process's variables. */
  readonly env?: Env | undefined;
  readonly maxAttempts?: number | undefined;
}

/**
 * Reads the settings, by the names and rules of every client of AWS's SDKs.
 *
 * @throws DeployMarkerError CONFIG_INVALID, or what the error map reads as such
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html
 */
export async function readServiceSettings(service: PlainService, place: PlainPlace): Promise<Settings> {
  const { env, plan, asksForChecksums: _, ...settings } = await readCallSettings(place);
  return { ...settings, endpoint: await findEndpoint(service, env, plan) };
}

/** Those of any service. @throws as {@link readServiceSettings} */
export async function readCallSettings(place: PlainPlace): Promise<PlacedSettings> {
  const { region, maxAttempts } = place;
  const env = place.env ?? (await (await import('../client/process-env.ts')).readProcessEnv());
  checkRegion(region);
  const hasFiles = existsSync(awsConfigPath(env)) || existsSync(awsCredentialsPath(env));
  const read = (variable: string, key: string): string | undefined =>
    env[variable] || (hasFiles ? readProfileSetting(env, key, 'config') : undefined);
  const isOn = (variable: string, key: string): boolean => parseSwitch(read(variable, key), variable, key);
  const useFips = isOn('AWS_USE_FIPS_ENDPOINT', 'use_fips_endpoint');
  const useDualStack = isOn('AWS_USE_DUALSTACK_ENDPOINT', 'use_dualstack_endpoint');
  return {
    env,
    plan: {
      // A name of old for the same Region by FIPS, which the SDK reads so, too.
      Region: region.replace(/^fips-/, ''),
      UseFIPS: useFips || region.startsWith('fips-'),
      UseDualStack: useDualStack,
    },
    maxAttempts: maxAttempts ?? parseAttempts(read('AWS_MAX_ATTEMPTS', 'max_attempts')),
    isAdaptive: read('AWS_RETRY_MODE', 'retry_mode') === 'adaptive',
    correctsClock: !isOn('AWS_DISABLE_CLOCK_SKEW_CORRECTION', 'disable_clock_skew_correction'),
    asksForChecksums: !/^when_required$/i.test(
      read('AWS_RESPONSE_CHECKSUM_VALIDATION', 'response_checksum_validation') ?? '',
    ),
    appId: read('AWS_SDK_UA_APP_ID', 'sdk_ua_app_id'),
    traceId: () => (env['AWS_LAMBDA_FUNCTION_NAME'] ? env['_X_AMZN_TRACE_ID'] : undefined),
  };
}

/** @param plan names of AWS's rule set; the rules themselves are loaded only where they do not come to the plain name */
async function findEndpoint(service: PlainService, env: Env, plan: EndpointPlan): Promise<URL> {
  const own = findConfiguredEndpoint(env, service.toUpperCase().replaceAll('-', '_'))?.text;
  if (!plan.UseFIPS && !plan.UseDualStack) {
    if (own !== undefined) return new URL(own);
    if (partitionOf(plan.Region) === 'aws') return new URL(`https://${service}.${plan.Region}.amazonaws.com`);
  }
  const { resolveEndpoint } = await import('./endpoint.ts');
  return resolveEndpoint(service, { ...plan, Endpoint: own });
}

function parseSwitch(text: string | undefined, variable: string, key: string): boolean {
  if (text === undefined || text === 'false') return false;
  if (text === 'true') return true;
  const message = `${variable} (${key} of the profile) must be true or false, got ${JSON.stringify(text)}`;
  throw new DeployMarkerError('CONFIG_INVALID', message, {
    hint: `set ${variable} to true or false, or leave it out`,
  });
}

/** The SDK's default; it takes a number with something behind it, too. */
function parseAttempts(text = '3'): number {
  const attempts = Number.parseInt(text, 10);
  if (!Number.isNaN(attempts)) return attempts;
  const message = `AWS_MAX_ATTEMPTS (max_attempts of the profile) must be a number, got ${JSON.stringify(text)}`;
  throw new DeployMarkerError('CONFIG_INVALID', message, {
    hint: 'set AWS_MAX_ATTEMPTS to a number, for example 3',
  });
}
