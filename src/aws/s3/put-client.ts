import { hash } from 'node:crypto';
import type { S3Address } from '../../core/base/s3-address.ts';
import { findConfiguredEndpoint } from '../../io/aws-config/endpoint.ts';
import type { ConnectionOptions } from '../client/connection.ts';
import type { AnswerHead } from '../client/http-exchange.ts';
import { toUnreserved } from '../client/query-text.ts';
import type { PlainHandler } from '../client/request-handler.ts';
import type { AwsCredentials } from '../credentials/keys.ts';
import { commonHeaders, type TextRequest, toPlace } from '../plain/request.ts';
import { type PlacedSettings, readCallSettings } from '../plain/settings.ts';
import { SignedCalls, type SignedRequest } from '../plain/signed-calls.ts';
import { type BucketHome, createBucketHome } from './bucket-region.ts';

/** A new object. */
export interface NewObject extends S3Address {
  readonly body: string;
}

/** What a client needs. */
export interface PutClientConfig {
  readonly requestHandler: PlainHandler;
  readonly credentials: () => Promise<AwsCredentials>;
  readonly options: Pick<ConnectionOptions, 'env' | 'maxAttempts'>;
  /** The bucket's, or any other of its partition. */
  readonly region: string;
  /** Is told why an attempt failed, also where another one follows. */
  readonly onFailure?: (error: Error) => void;
}

/** What S3 says of an object that it took. */
export interface PutAnswer {
  readonly ETag: string | undefined;
  /** The checksum of what is stored; not everything that looks like S3 tells it. */
  readonly ChecksumSHA256: string | undefined;
  /** Of a PutObject there is nothing to say: a text is something else's answer. */
  readonly text: string;
}

/**
 * Client of S3 for new objects of one bucket; see {@link SignedCalls}. Endpoint and settings are as in the SDK's client, and the bucket is
 * followed into its Region.
 */
export class PutClient {
  readonly #config: PutClientConfig;
  readonly #home: BucketHome;
  #settings: Promise<PlacedSettings> | undefined;

  /** @throws DeployMarkerError CONFIG_INVALID if the Region is none */
  constructor(config: PutClientConfig) {
    this.#config = config;
    this.#home = createBucketHome(config.region);
  }

  /**
   * Stores an object if there is none under its key, and fails with `PreconditionFailed` otherwise. The checksum, which a bucket with Object
   * Lock asks for, lets S3 refuse what was changed on the way.
   *
   * It fails with what `toAwsError` reads.
   *
   * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
   */
  async putNew(object: NewObject, signal?: AbortSignal): Promise<PutAnswer> {
    const { options, requestHandler, credentials, onFailure } = this.#config;
    const home = this.#home;
    let region = home.region();
    this.#settings ??= readCallSettings({ region, env: options.env, maxAttempts: options.maxAttempts });
    const settings = await this.#settings;
    const toTarget = (): SignedRequest => {
      region = home.region();
      return { ...toRequest(object, region, settings), region };
    };
    const calls = new SignedCalls<PutAnswer>({
      service: 's3',
      requestHandler,
      credentials,
      onFailure,
      toFields: toAnswer,
      toError: async (...refusal) => (await import('./service-error.ts')).readS3Error(...refusal),
      // Another request may have followed the bucket meanwhile.
      follow: error => (home.follow(error) || region !== home.region() ? toTarget() : undefined),
    });
    return calls.send(toTarget(), settings, signal);
  }
}

/** The very request that would be sent, but for its signature: in one line its target, and its body. @throws as `putNew` does */
export async function describePutNew(
  object: NewObject,
  place: Pick<PutClientConfig, 'options' | 'region'>,
): Promise<{ readonly target: string; readonly body: string }> {
  const { region, options } = place;
  const settings = await readCallSettings({ region, env: options.env });
  const { method, protocol, headers, path, body } = toRequest(object, region, settings);
  return { target: `${method} ${protocol}//${headers['host']}${path}`, body };
}

function toRequest({ bucket, key, body }: NewObject, region: string, settings: PlacedSettings): TextRequest {
  const { endpoint, isInHost } = findEndpoint(bucket, region, settings);
  const before = endpoint.pathname.replace(/\/$/, '');
  const { host } = endpoint;
  return {
    method: 'PUT',
    ...toPlace(endpoint),
    path: `${before}${isInHost ? '' : `/${bucket}`}/${key.split('/').map(toUnreserved).join('/')}`,
    query: {},
    headers: {
      ...commonHeaders({ body, host, contentType: 'application/json' }, settings),
      'if-none-match': '*',
      'x-amz-checksum-sha256': hash('sha256', body, 'base64'),
      'x-amz-sdk-checksum-algorithm': 'SHA256',
    },
    body,
  };
}

interface BucketEndpoint {
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
function findEndpoint(bucket: string, region: string, { env, plan }: PlacedSettings): BucketEndpoint {
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

function toAnswer(text: string, { headers }: AnswerHead): PutAnswer {
  return { ETag: headers['etag'], ChecksumSHA256: headers['x-amz-checksum-sha256'], text };
}
