import {
  type AwsSdkSigV4AuthInputConfig,
  type AwsSdkSigV4AuthResolvedConfig,
  type AwsSdkSigV4PreviouslyResolved,
  AwsSdkSigV4Signer,
  resolveAwsSdkSigV4Config,
} from '@aws-sdk/core/httpAuthSchemes';
import { getSmithyContext, normalizeProvider } from '@smithy/core/transport';
import type {
  HandlerExecutionContext,
  HttpAuthOption,
  HttpAuthScheme,
  HttpAuthSchemeParameters,
  HttpAuthSchemeProvider,
  Provider,
} from '@smithy/types';

/** What the choice of an auth scheme depends on. */
export interface AuthParameters extends HttpAuthSchemeParameters {
  region?: string;
}

/** Settings of signing, as the user gives them. */
export interface AuthInputConfig extends AwsSdkSigV4AuthInputConfig {
  authSchemePreference?: string[] | Provider<string[]>;
  httpAuthSchemes?: HttpAuthScheme[];
  httpAuthSchemeProvider?: HttpAuthSchemeProvider<AuthParameters>;
}

/** Settings of signing, resolved. */
export interface AuthResolvedConfig extends AwsSdkSigV4AuthResolvedConfig {
  readonly authSchemePreference: Provider<string[]>;
  readonly httpAuthSchemes: HttpAuthScheme[];
  readonly httpAuthSchemeProvider: HttpAuthSchemeProvider<AuthParameters>;
}

/** Reads the operation and the Region of a call. */
export async function readAuthParameters(
  config: { region: string | Provider<string> },
  context: HandlerExecutionContext,
): Promise<AuthParameters> {
  return {
    operation: String(getSmithyContext(context)['operation']),
    region: await normalizeProvider(config.region)(),
  };
}

/** Every call is signed with SigV4 for the service name `cloudtrail-data`. */
export function chooseAuthSchemes(parameters: AuthParameters): HttpAuthOption[] {
  return [
    {
      schemeId: 'aws.auth#sigv4',
      signingProperties: { name: 'cloudtrail-data', region: parameters.region },
      propertiesExtractor: (config, context) => ({ signingProperties: { config, context } }),
    },
  ];
}

/** The one scheme of the service, with the SDK's own signer. */
export function createAuthSchemes(): HttpAuthScheme[] {
  return [
    {
      schemeId: 'aws.auth#sigv4',
      identityProvider: providers => providers.getIdentityProvider('aws.auth#sigv4'),
      signer: new AwsSdkSigV4Signer(),
    },
  ];
}

/** Completes the settings of signing. */
export function resolveAuthConfig<T>(
  config: T & AuthInputConfig & AwsSdkSigV4PreviouslyResolved,
): T & AwsSdkSigV4AuthResolvedConfig & { readonly authSchemePreference: Provider<string[]> } {
  const signing = resolveAwsSdkSigV4Config(config);
  return Object.assign(signing, {
    authSchemePreference: normalizeProvider(config.authSchemePreference ?? []),
  });
}
