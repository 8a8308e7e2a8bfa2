import type { Readable } from 'node:stream';
import { createDefaultUserAgentProvider, NODE_APP_ID_CONFIG_OPTIONS } from '@aws-sdk/core/client';
import { AwsRestJsonProtocol } from '@aws-sdk/core/protocols';
import { NoOpLogger } from '@smithy/core/client';
import {
  loadConfig,
  NODE_REGION_CONFIG_FILE_OPTIONS,
  NODE_REGION_CONFIG_OPTIONS,
  NODE_USE_DUALSTACK_ENDPOINT_CONFIG_OPTIONS,
  NODE_USE_FIPS_ENDPOINT_CONFIG_OPTIONS,
} from '@smithy/core/config';
import { NODE_MAX_ATTEMPT_CONFIG_OPTIONS, NODE_RETRY_MODE_CONFIG_OPTIONS } from '@smithy/core/retry';
import { calculateBodyLength, fromBase64, fromUtf8, toBase64, toUtf8 } from '@smithy/core/serde';
import { parseUrl } from '@smithy/core/transport';
import { Sha256 } from '../client/sha256.ts';
import { chooseAuthSchemes, createAuthSchemes } from './auth-scheme.ts';
import type { CloudTrailDataClientConfig } from './client.ts';
import { resolveCloudTrailDataEndpoint } from './endpoint.ts';
import { createErrorRegistries, NAMESPACE } from './schemas.ts';

// Shown in the user agent as the version of the SDK's client; it is the runtime's that this one is written on.
const CLIENT_VERSION = '3.1169.0';

/** Reads a body by its events: the SDK's collector, like `for await`, first loads much to do the same. */
function collectStream(stream: Readable): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    stream.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    stream.on('error', reject);
    stream.on('end', () => resolve(Buffer.concat(chunks)));
  });
}

/** Fills in what the user left out, in the way of every client of the SDK. */
export function createRuntimeConfig(config: CloudTrailDataClientConfig) {
  const logger = config.logger ?? new NoOpLogger();
  const profile = config.profile === undefined ? { logger } : { profile: config.profile, logger };
  return {
    apiVersion: '2021-08-11' as const,
    base64Decoder: fromBase64,
    base64Encoder: toBase64,
    bodyLengthChecker: calculateBodyLength,
    defaultUserAgentProvider: createDefaultUserAgentProvider({
      serviceId: 'CloudTrail Data',
      clientVersion: CLIENT_VERSION,
    }),
    disableHostPrefix: false,
    endpointProvider: resolveCloudTrailDataEndpoint,
    httpAuthSchemeProvider: chooseAuthSchemes,
    httpAuthSchemes: createAuthSchemes(),
    protocol: new AwsRestJsonProtocol({
      defaultNamespace: NAMESPACE,
      errorTypeRegistries: createErrorRegistries(),
    }),
    runtime: 'node',
    serviceId: 'CloudTrail Data',
    sha256: Sha256,
    streamCollector: collectStream,
    urlParser: parseUrl,
    utf8Decoder: fromUtf8,
    utf8Encoder: toUtf8,
    ...config,
    logger,
    // There is one scheme, so no preference is looked up.
    authSchemePreference: config.authSchemePreference ?? [],
    maxAttempts: config.maxAttempts ?? loadConfig(NODE_MAX_ATTEMPT_CONFIG_OPTIONS, profile),
    region:
      config.region ??
      loadConfig(NODE_REGION_CONFIG_OPTIONS, { ...NODE_REGION_CONFIG_FILE_OPTIONS, ...profile }),
    retryMode: config.retryMode ?? loadConfig(NODE_RETRY_MODE_CONFIG_OPTIONS, profile),
    useDualstackEndpoint:
      config.useDualstackEndpoint ?? loadConfig(NODE_USE_DUALSTACK_ENDPOINT_CONFIG_OPTIONS, profile),
    useFipsEndpoint: config.useFipsEndpoint ?? loadConfig(NODE_USE_FIPS_ENDPOINT_CONFIG_OPTIONS, profile),
    userAgentAppId: config.userAgentAppId ?? loadConfig(NODE_APP_ID_CONFIG_OPTIONS, profile),
  };
}
