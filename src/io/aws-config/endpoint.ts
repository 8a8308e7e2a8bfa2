import { quote } from '../../core/base/quote.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import type { Env } from '../io.ts';
import { currentProfile, readConfigSection, readProfileSetting } from './files.ts';

/** An endpoint that somebody has configured. */
export interface ConfiguredEndpoint {
  readonly text: string;
  /** Where it stands, for people. */
  readonly source: string;
}

/**
 * The endpoint of a service, as the SDK finds it: the variable of the service, that of all services, the services section that the
 * profile names, the profile; none where they are to be ignored. Undefined where AWS's own counts.
 *
 * @param service its id in the way of the variables, for example `CLOUDTRAIL_DATA`
 * @throws DeployMarkerError CONFIG_INVALID, as the SDK refuses to go on
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 */
export function findConfiguredEndpoint(env: Env, service: string): ConfiguredEndpoint | undefined {
  return endpointFinder(env)(service);
}

/** As {@link findConfiguredEndpoint}, for several services: what is asked of the profile is read once. */
export function endpointFinder(env: Env): (service: string) => ConfiguredEndpoint | undefined {
  const known = new Map<string, string | undefined>();
  const setting: ProfileSetting = key => {
    if (!known.has(key)) known.set(key, readProfileSetting(env, key, 'config'));
    return known.get(key);
  };
  return service => {
    if (ignoresEndpoints(env, setting)) return undefined;
    for (const variable of [`AWS_ENDPOINT_URL_${service}`, 'AWS_ENDPOINT_URL']) {
      const text = env[variable];
      if (text) return { text, source: variable };
    }
    const profile = `the profile ${currentProfile(env)}`;
    const services = setting('services');
    const own = services === undefined ? undefined : readOfService(env, services, service.toLowerCase());
    if (own !== undefined) return { text: own, source: `services ${services} of ${profile}` };
    const text = setting('endpoint_url');
    return text === undefined ? undefined : { text, source: profile };
  };
}

/** Gives a setting of the current profile by its key. */
type ProfileSetting = (key: string) => string | undefined;

function ignoresEndpoints(env: Env, setting: ProfileSetting): boolean {
  const variable = 'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS';
  const key = variable.slice('AWS_'.length).toLowerCase();
  const [text, source] =
    env[variable] === undefined
      ? [setting(key), `${key} of the profile ${currentProfile(env)}`]
      : [env[variable], variable];
  if (text === undefined || text === 'false') return false;
  if (text === 'true') return true;
  throw new DeployMarkerError('CONFIG_INVALID', `${source} must be true or false, got ${quote(text)}`, {
    hint: `set ${source} to true or false, or leave it out`,
  });
}

function readOfService(env: Env, services: string, service: string): string | undefined {
  const section = readConfigSection(env, 'services', services);
  if (section === undefined) {
    const profile = currentProfile(env);
    const message = `the profile ${profile} names the services section ${quote(services)}, which is not there`;
    throw new DeployMarkerError('CONFIG_INVALID', message, {
      hint: `add [services ${services}] to the file`,
    });
  }
  return section.find(({ parent, key }) => parent === service && key === 'endpoint_url')?.value;
}
