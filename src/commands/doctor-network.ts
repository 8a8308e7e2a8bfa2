import { toEndpointUrl } from '../aws/endpoint-guard.ts';
import { readTrustedCertificates } from '../aws/secure-connection.ts';
import { type DoctorCheck, noted, passed } from '../core/doctor-check.ts';
import { DeployMarkerError } from '../errors/deploy-marker-error.ts';
import type { Env } from '../io/io.ts';
import { checkProxy, findProxy, isReadOnTheWay } from '../io/proxy-agent.ts';
import { type DoctorScene, diagnose } from './doctor-scene.ts';

/**
 * Services that are called, by the name that their endpoint's variable and host have.
 * Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 */
const SERVICES = [
  ['STS', 'sts'],
  ['CLOUDTRAIL_DATA', 'cloudtrail-data'],
  ['CLOUDTRAIL', 'cloudtrail'],
  ['CLOUDWATCH_LOGS', 'logs'],
] as const;

/** The check of endpoints, proxies and certificates. Nothing is sent. */
export function checkNetwork({ context: { io } }: DoctorScene): Promise<DoctorCheck> {
  return diagnose('network', async () => {
    const details: string[] = [];
    const clear: string[] = [];
    const proxies = new Set<string>();
    for (const [service, host] of SERVICES) {
      const { url, variable } = endpointOf(service, host, io.env);
      const proxy = findProxy(io.env, url);
      if (proxy !== undefined) {
        checkProxy(proxy, url);
        proxies.add(new URL(proxy).host);
      }
      if (variable !== undefined) details.push(`${service} at ${url.origin}, by ${variable}`);
      if (isReadOnTheWay(io.env, url)) clear.push(service);
    }
    if (clear.includes('STS')) throw unencrypted();
    const ca = await readTrustedCertificates(io.env);
    if (ca !== undefined) details.push(`certificates from AWS_CA_BUNDLE (${io.env['AWS_CA_BUNDLE']})`);
    if (clear.length > 0) {
      const summary = `requests to ${clear.join(', ')} can be read on the way`;
      return noted('network', 'warn', summary, 'use https:// in the endpoint', details);
    }
    const by = proxies.size === 0 ? 'straight to AWS, no proxy' : `by the proxy ${[...proxies].join(', ')}`;
    return passed('network', by, details);
  });
}

function endpointOf(
  service: string,
  host: string,
  env: Env,
): { readonly url: URL; readonly variable: string | undefined } {
  for (const variable of [`AWS_ENDPOINT_URL_${service}`, 'AWS_ENDPOINT_URL']) {
    const text = env[variable];
    if (!text) continue;
    const { protocol, hostname, port } = URL.canParse(text)
      ? new URL(text)
      : { protocol: '', hostname: text, port: '' };
    return { url: toEndpointUrl({ protocol, hostname, ...(port ? { port: Number(port) } : {}) }), variable };
  }
  const region = env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || 'us-east-1';
  return { url: new URL(`https://${host}.${region}.amazonaws.com`), variable: undefined };
}

function unencrypted(): DeployMarkerError {
  return new DeployMarkerError('CONFIG_INVALID', 'the OIDC token would go to STS in clear text', {
    hint: 'use https:// in AWS_ENDPOINT_URL and AWS_ENDPOINT_URL_STS, or unset them',
  });
}
