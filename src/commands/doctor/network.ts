import { checkSecrecy } from '../../aws/client/endpoint-guard.ts';
import { readTrustedCertificates } from '../../aws/client/secure-connection.ts';
import { hidePassword } from '../../config/settings.ts';
import { quote } from '../../core/base/quote.ts';
import { type DoctorCheck, failed, noted, passed } from '../../core/doctor-check.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { toDeployMarkerError } from '../../errors/render.ts';
import { type ConfiguredEndpoint, endpointFinder } from '../../io/aws-config/endpoint.ts';
import { awsRegionOf } from '../../io/aws-config/files.ts';
import { checkProxy, findProxy, isReadOnTheWay, proxyNamed } from '../../io/http/proxy-agent.ts';
import type { Env } from '../../io/io.ts';
import { type DoctorScene, diagnose } from './scene.ts';

/**
 * Services that are called, by the name that their endpoint's variable and host have.
 * Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 */
const SERVICES = {
  STS: 'sts',
  CLOUDTRAIL_DATA: 'cloudtrail-data',
  CLOUDTRAIL: 'cloudtrail',
  CLOUDWATCH_LOGS: 'logs',
  ATHENA: 'athena',
  CLOUDFORMATION: 'cloudformation',
  IAM: 'iam',
  SNS: 'sns',
  S3: 's3',
} as const;

/** The check of endpoints, proxies and certificates. Nothing is sent. */
export function checkNetwork({ context: { io } }: DoctorScene): Promise<DoctorCheck> {
  const { env } = io;
  return diagnose('network', async () => {
    const errors: DeployMarkerError[] = [];
    const attempt = async (work: () => void | Promise<void>): Promise<void> => {
      try {
        await work();
      } catch (error) {
        errors.push(toDeployMarkerError(error));
      }
    };
    const endpoints: string[] = [];
    const clear: string[] = [];
    const proxies = new Set<string>();
    const configured = endpointFinder(env);
    const region = awsRegionOf(env) ?? 'us-east-1';
    // AWS's own endpoints are reached by TLS: without a proxy there is nothing to check about them.
    const isDirect = proxyNamed(env, 'https:') === undefined;
    for (const [service, host] of Object.entries(SERVICES)) {
      await attempt(() => {
        const own = configured(service);
        if (own === undefined && isDirect) return;
        const { url, source } = endpointOf(own, host, region);
        if (source !== undefined) endpoints.push(`${service} at ${url.origin}, by ${source}`);
        const proxy = findProxy(env, url);
        if (proxy !== undefined) {
          checkProxy(proxy, url);
          proxies.add(new URL(proxy).host);
        }
        if (service === 'STS') checkSecrecy(url, service, env);
        if (isReadOnTheWay(env, url)) clear.push(service);
      });
    }
    const ca = env['AWS_CA_BUNDLE'] ? [`certificates from AWS_CA_BUNDLE (${env['AWS_CA_BUNDLE']})`] : [];
    await attempt(async () => {
      await readTrustedCertificates(env);
    });
    const details = [...endpoints, ...ca];
    const [first] = errors;
    if (first !== undefined) return failed('network', first, tellOthers(errors, details));
    return judge(env, { details, clear, proxies, isElsewhere: endpoints.length > 0 });
  });
}

/** A fault of one proxy or variable is met for each service. */
function tellOthers([first, ...others]: readonly DeployMarkerError[], details: readonly string[]): string[] {
  const messages = new Set(others.filter(({ hint }) => hint !== first?.hint).map(({ message }) => message));
  return [...messages, ...details];
}

interface Findings {
  readonly details: readonly string[];
  /** Services that are called in clear text. */
  readonly clear: readonly string[];
  readonly proxies: ReadonlySet<string>;
  /** Whether an endpoint is not AWS's own. */
  readonly isElsewhere: boolean;
}

function judge(env: Env, { details, clear, proxies, isElsewhere }: Findings): DoctorCheck {
  if (env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0') {
    const told = 'NODE_TLS_REJECT_UNAUTHORIZED=0: nobody makes sure that it is AWS that gets token and keys';
    return noted('network', 'warn', told, 'unset it, and name the certificates with AWS_CA_BUNDLE', details);
  }
  if (clear.length > 0) {
    const told = `requests to ${clear.join(', ')} can be read on the way`;
    return noted('network', 'warn', told, 'use https:// in the endpoint', details);
  }
  const way = proxies.size === 0 ? 'no proxy' : `by the proxy ${[...proxies].join(', ')}`;
  return passed(
    'network',
    `${way}, ${isElsewhere ? "endpoints other than AWS's own" : "AWS's own endpoints"}`,
    details,
  );
}

function endpointOf(
  configured: ConfiguredEndpoint | undefined,
  host: string,
  region: string,
): { readonly url: URL; readonly source: string | undefined } {
  if (configured === undefined) {
    const name = `https://${host}.${region}.amazonaws.com`;
    return { url: new URL(URL.canParse(name) ? name : `https://${host}.amazonaws.com`), source: undefined };
  }
  const { text, source } = configured;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return { url, source };
  const message = `${source} is ${quote(hidePassword(text))}, which is not an http(s) URL`;
  throw new DeployMarkerError('CONFIG_INVALID', message, {
    hint: `make ${source} a whole URL that begins with https://, or unset it`,
  });
}
