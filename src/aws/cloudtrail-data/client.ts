import {
  getHostHeaderPlugin,
  getLoggerPlugin,
  getRecursionDetectionPlugin,
  getUserAgentPlugin,
  type HostHeaderInputConfig,
  type HostHeaderResolvedConfig,
  resolveHostHeaderConfig,
  resolveUserAgentConfig,
  type UserAgentInputConfig,
  type UserAgentResolvedConfig,
} from '@aws-sdk/core/client';
import {
  DefaultIdentityProviderConfig,
  getHttpAuthSchemeEndpointRuleSetPlugin,
  getHttpSigningPlugin,
} from '@smithy/core';
import { Client, type SmithyResolvedConfiguration } from '@smithy/core/client';
import { type RegionInputConfig, type RegionResolvedConfig, resolveRegionConfig } from '@smithy/core/config';
import {
  type EndpointInputConfig,
  type EndpointResolvedConfig,
  resolveEndpointConfig,
} from '@smithy/core/endpoints';
import { getContentLengthPlugin, type HttpHandler } from '@smithy/core/protocols';
import {
  getRetryPlugin,
  type RetryInputConfig,
  type RetryResolvedConfig,
  resolveRetryConfig,
} from '@smithy/core/retry';
import { getSchemaSerdePlugin } from '@smithy/core/schema';
import type {
  AwsCredentialIdentity,
  AwsCredentialIdentityProvider,
  BodyLengthCalculator,
  HttpHandlerOptions,
  Logger,
  Provider,
  UserAgent,
} from '@smithy/types';
import {
  type AuthInputConfig,
  type AuthResolvedConfig,
  readAuthParameters,
  resolveAuthConfig,
} from './auth-scheme.ts';
import type { EndpointParameters } from './endpoint.ts';
import type { PutAuditEventsCommandInput, PutAuditEventsCommandOutput } from './put-audit-events-command.ts';
import { createRuntimeConfig } from './runtime-config.ts';

/** Settings of {@link CloudTrailDataClient}; the names and meanings are those of every client of the SDK. */
export type CloudTrailDataClientConfig = UserAgentInputConfig &
  RetryInputConfig &
  RegionInputConfig &
  HostHeaderInputConfig &
  EndpointInputConfig<EndpointParameters> &
  AuthInputConfig & {
    // Required, unlike in other clients: their defaults would be loaded beside what is given.
    /** Sends the requests. */
    requestHandler: HttpHandler;
    /** Credentials, or what gives them for each request. */
    credentials: AwsCredentialIdentity | AwsCredentialIdentityProvider;
    cacheMiddleware?: boolean;
    logger?: Logger;
    /** Profile of the shared configuration files to read settings from; by default `AWS_PROFILE`. */
    profile?: string;
    retryMode?: string | Provider<string>;
  };

/** How bodies and their parts are turned into bytes and text; the SDK's own for Node.js. */
type EncodingConfig = Parameters<typeof getSchemaSerdePlugin>[0] & {
  bodyLengthChecker: BodyLengthCalculator;
  defaultUserAgentProvider: Provider<UserAgent>;
  runtime: string;
};

/** The settings, complete. */
export type CloudTrailDataClientResolvedConfig = SmithyResolvedConfiguration<HttpHandlerOptions> &
  UserAgentResolvedConfig &
  RetryResolvedConfig &
  RegionResolvedConfig &
  HostHeaderResolvedConfig &
  EndpointResolvedConfig<EndpointParameters> &
  AuthResolvedConfig &
  EncodingConfig;

/** Completes the settings in the order in which the SDK's clients do. */
function resolveConfig(configuration: CloudTrailDataClientConfig): CloudTrailDataClientResolvedConfig {
  const runtime = Object.assign(createRuntimeConfig(configuration), {
    defaultSigningName: 'cloudtrail-data',
  });
  const withRetries = resolveRetryConfig(resolveUserAgentConfig(runtime));
  const withRegion = resolveHostHeaderConfig(resolveRegionConfig(withRetries));
  return resolveAuthConfig(resolveEndpointConfig(withRegion));
}

/**
 * Client of the CloudTrail Data service, on the runtime that AWS generates its own clients on.
 *
 * It stands in for `@aws-sdk/client-cloudtrail-data` and has its names and behaviour: SigV4, retries, the correction of
 * clock skew, endpoint variables and the user agent are the SDK's.
 */
export class CloudTrailDataClient extends Client<
  HttpHandlerOptions,
  PutAuditEventsCommandInput,
  PutAuditEventsCommandOutput,
  CloudTrailDataClientResolvedConfig
> {
  declare readonly config: CloudTrailDataClientResolvedConfig;

  constructor(configuration: CloudTrailDataClientConfig) {
    const config = resolveConfig(configuration);
    super(config);
    this.config = config;
    this.middlewareStack.use(getSchemaSerdePlugin(config));
    this.middlewareStack.use(getUserAgentPlugin(config));
    this.middlewareStack.use(getRetryPlugin(config));
    this.middlewareStack.use(getContentLengthPlugin(config));
    this.middlewareStack.use(getHostHeaderPlugin(config));
    this.middlewareStack.use(getLoggerPlugin(config));
    this.middlewareStack.use(getRecursionDetectionPlugin(config));
    this.middlewareStack.use(
      getHttpAuthSchemeEndpointRuleSetPlugin(config, {
        httpAuthSchemeParametersProvider: readAuthParameters,
        identityProviderConfigProvider: async () =>
          new DefaultIdentityProviderConfig({ 'aws.auth#sigv4': config.credentials }),
      }),
    );
    this.middlewareStack.use(getHttpSigningPlugin(config));
  }
}
