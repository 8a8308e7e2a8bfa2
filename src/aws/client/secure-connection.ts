import type { Agent, AgentOptions } from 'node:http';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { checkProxy } from '../../io/http/proxy-agent.ts';
import type { Env } from '../../io/io.ts';

/** How the connections of an agent are made. */
export interface ConnectionSettings {
  /** URL of the proxy, if the connection goes through one. */
  readonly proxy: string | undefined;
  /** Trusted certificates in PEM instead of those that Node.js brings. */
  readonly ca: string | undefined;
  readonly settings: AgentOptions;
}

/**
 * Makes the agent for a URL that is reached by TLS or through a proxy; what it needs is loaded only now.
 *
 * @throws DeployMarkerError CONFIG_INVALID if the proxy cannot be used; the message does not show it, as it may hold a password
 */
export async function createConnectionAgent(url: URL, connection: ConnectionSettings): Promise<Agent> {
  const { proxy, ca, settings } = connection;
  const secure = url.protocol === 'https:';
  if (proxy === undefined) return new (await import('node:https')).Agent(settings);
  checkProxy(proxy, url);
  // The certificates also hold for a proxy that is itself reached by TLS.
  const options = { ...settings, ...(ca === undefined ? {} : { ca }) };
  if (secure) return new (await import('https-proxy-agent')).HttpsProxyAgent(proxy, options);
  return new (await import('http-proxy-agent')).HttpProxyAgent(proxy, options);
}

/**
 * The forms in which OpenSSL, and with it Node.js, takes certificates. What a trusted one says of its uses counts, too: one that is
 * marked as rejected stays so. Source: openssl-x509(1), "Trusted Settings"; PEM_read_bio_X509_AUX(3).
 */
const CERTIFICATE = /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----/;

/**
 * Reads the certificates that `AWS_CA_BUNDLE` names, as the AWS CLI does; undefined where it is unset.
 *
 * @throws DeployMarkerError CONFIG_INVALID if the file cannot be read or holds no certificate
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-gen-config.html
 */
export async function readTrustedCertificates(env: Env): Promise<string | undefined> {
  const path = env['AWS_CA_BUNDLE'];
  if (path === undefined || path === '') return undefined;
  const hint = 'point AWS_CA_BUNDLE to a file of PEM certificates, or unset it';
  const { readSmallFile } = await import('../../io/small-file.ts');
  // Whoever waits for the answer has a deadline.
  const bundle = await readSmallFile(path, new AbortController().signal).catch((cause: unknown) => {
    const why = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown fault';
    const message = `AWS_CA_BUNDLE names ${JSON.stringify(path)}, which cannot be read (${why})`;
    throw new DeployMarkerError('CONFIG_INVALID', message, { hint, cause });
  });
  if (CERTIFICATE.test(bundle)) return bundle;
  const message = `AWS_CA_BUNDLE names ${JSON.stringify(path)}, which holds no PEM certificate`;
  throw new DeployMarkerError('CONFIG_INVALID', message, { hint });
}
