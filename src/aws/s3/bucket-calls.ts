import type { S3Address } from '../../core/base/s3-address.ts';
import { findConfiguredEndpoint } from '../../io/aws-config/endpoint.ts';
import type { ConnectionOptions } from '../client/connection.ts';
import { toUnreserved } from '../client/query-text.ts';
import type { PlainHandler } from '../client/request-handler.ts';
import type { AwsCredentials } from '../credentials/keys.ts';
import type { Answered, AnswerReader } from '../plain/attempts.ts';
import { commonHeaders, type TextRequest, toPlace } from '../plain/request.ts';
import { type PlacedSettings, readCallSettings } from '../plain/settings.ts';
import { SignedCalls, type SignedRequest } from '../plain/signed-calls.ts';
import type { BucketHome } from './bucket-region.ts';

/** What is asked of one object. */
export interface ObjectCall extends S3Address {
  readonly method: 'GET' | 'PUT';
  readonly body: string;
  /** Beside those of every request. */
  readonly toHeaders: (settings: PlacedSettings) => Readonly<Record<string, string>>;
}

/** What a client of our own for objects needs. */
export interface ObjectClientConfig {
  readonly requestHandler: PlainHandler;
  readonly credentials: () => Promise<AwsCredentials>;
  readonly options: Pick<ConnectionOptions, 'env' | 'maxAttempts'>;
  /** Where the bucket is, as far as is known. */
  readonly home: BucketHome;
  /** Is told why an attempt failed, also where another one follows. */
  readonly onFailure?: ((error: Error) => void) | undefined;
}

/** How the answers of one operation are read, and how long each part of one is waited for. */
export interface BucketCallsConfig<T extends object> extends ObjectClientConfig {
  readonly toFields: AnswerReader<T>['toFields'];
  /** Milliseconds, in place of the handler's own. */
  readonly attemptMs?: number;
}

/**
 * Calls of S3 for objects of one bucket; see {@link SignedCalls}. Endpoint and settings are as in the SDK's client, and the bucket is followed
 * into its Region.
 */
export class BucketCalls<T extends object> {
  readonly #config: BucketCallsConfig<T>;
  readonly #calls: SignedCalls<T>;
  readonly #endpoints = new Map<string, BucketEndpoint>();
  #settings: Promise<PlacedSettings> | undefined;

  constructor(config: BucketCallsConfig<T>) {
    this.#config = config;
    this.#calls = new SignedCalls({
      ...config,
      service: 's3',
      toError: async (...refusal) => (await import('./service-error.ts')).readS3Error(...refusal),
    });
  }

  /** Sends a request until it is answered or no attempt is left. It fails with what `toAwsError` reads. */
  async send(call: ObjectCall, signal: AbortSignal | undefined): Promise<Answered<T>> {
    const { home, options } = this.#config;
    let region = home.region();
    this.#settings ??= readCallSettings({ region, env: options.env, maxAttempts: options.maxAttempts });
    const settings = await this.#settings;
    const toTarget = (): SignedRequest => {
      region = home.region();
      return { ...toObjectRequest(call, this.#endpointOf(call.bucket, region, settings), settings), region };
    };
    // Another request may have followed the bucket meanwhile.
    const follow = (error: Error): SignedRequest | undefined =>
      home.follow(error) || region !== home.region() ? toTarget() : undefined;
    return this.#calls.send(toTarget(), { settings, signal, follow });
  }

  #endpointOf(bucket: string, region: string, settings: PlacedSettings): BucketEndpoint {
    const name = `${region}/${bucket}`;
    const found = this.#endpoints.get(name) ?? findEndpoint(bucket, region, settings);
    this.#endpoints.set(name, found);
    return found;
  }
}

/** The request, but for its signature. */
export function toObjectRequest(
  { method, bucket, key, body, toHeaders }: ObjectCall,
  { endpoint, isInHost }: BucketEndpoint,
  settings: PlacedSettings,
): TextRequest {
  const before = endpoint.pathname.replace(/\/$/, '');
  return {
    method,
    ...toPlace(endpoint),
    path: `${before}${isInHost ? '' : `/${bucket}`}/${key.split('/').map(toUnreserved).join('/')}`,
    query: {},
    headers: { ...commonHeaders(endpoint.host, settings), ...toHeaders(settings) },
    body,
  };
}

/** Where a bucket is asked. */
export interface BucketEndpoint {
  readonly endpoint: URL;
  /** Whether the host names the bucket, so that the path does not. */
  readonly isInHost: boolean;
}

/**
 * By the rules that AWS publishes for `s3` (model 2006-03-01), as far as they are about a bucket's name. Under an endpoint of one's own
 * the bucket stands in the path, as with the AWS CLI; and so does one with dots, for which no certificate of AWS's holds.
 *
 * @throws Error that the error map reads as CONFIG_INVALID
 */
export function findEndpoint(bucket: string, region: string, { env, plan }: PlacedSettings): BucketEndpoint {
  const own = findConfiguredEndpoint(env, 'S3')?.text;
  if (own !== undefined) {
    if (plan.UseFIPS) throw new Error('Invalid Configuration: FIPS and custom endpoint are not supported');
    if (plan.UseDualStack)
      throw new Error('Invalid Configuration: Dualstack and custom endpoint are not supported');
    return { endpoint: new URL(own), isInHost: false };
  }
  const host = `${plan.UseFIPS ? 's3-fips' : 's3'}${plan.UseDualStack ? '.dualstack' : ''}.${region}.${suffixOf(region)}`;
  if (plan.UseFIPS && region.startsWith('cn-'))
    throw new Error('FIPS is enabled but this partition does not support FIPS');
  const isInHost = !bucket.includes('.');
  return { endpoint: new URL(`https://${isInHost ? `${bucket}.` : ''}${host}`), isInHost };
}

/** What hosts of partitions end with. Source: the partitions of AWS's SDKs (partitions.json). */
const SUFFIXES: Readonly<Record<string, string>> = {
  'cn-': 'amazonaws.com.cn',
  'us-iso-': 'c2s.ic.gov',
  'us-isob-': 'sc2s.sgov.gov',
  'us-isof-': 'csp.hci.ic.gov',
  'eu-isoe-': 'cloud.adc-e.uk',
  'eusc-': 'amazonaws.eu',
};

function suffixOf(region: string): string {
  const beginning = Object.keys(SUFFIXES).find(each => region.startsWith(each));
  return (beginning === undefined ? undefined : SUFFIXES[beginning]) ?? 'amazonaws.com';
}
