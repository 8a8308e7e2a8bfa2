import { partition } from '@aws-sdk/core/client';

/** What the endpoint depends on; the names are those of AWS's endpoint rule set. */
export interface EndpointParameters {
  readonly Region?: string | undefined;
  readonly UseDualStack?: boolean | undefined;
  readonly UseFIPS?: boolean | undefined;
  readonly Endpoint?: string | undefined;
}

/** Services that a client of our own asks, by the names of their hosts. */
export type PlainService = 'cloudtrail-data' | 'sts';

/**
 * Resolves the endpoint by the rules that AWS publishes for `cloudtrail-data` (model 2021-08-11) and `sts` (2011-06-15), with the SDK's
 * partitions.
 *
 * The rules are few enough to be written out; the engine that runs rule sets would be the larger part of the client.
 */
export function resolveEndpoint(service: PlainService, parameters: EndpointParameters): URL {
  const fips = parameters.UseFIPS === true;
  const dualStack = parameters.UseDualStack === true;
  if (parameters.Endpoint !== undefined) {
    if (fips) throw new Error('Invalid Configuration: FIPS and custom endpoint are not supported');
    if (dualStack) throw new Error('Invalid Configuration: Dualstack and custom endpoint are not supported');
    return new URL(parameters.Endpoint);
  }
  if (parameters.Region === undefined) throw new Error('Invalid Configuration: Missing Region');
  const { name, dnsSuffix, dualStackDnsSuffix, supportsFIPS, supportsDualStack } = partition(
    parameters.Region,
  );
  if (fips && !supportsFIPS) throw new Error('FIPS is enabled but this partition does not support FIPS');
  if (dualStack && !supportsDualStack) {
    throw new Error('DualStack is enabled but this partition does not support DualStack');
  }
  // The endpoints of STS in GovCloud are by themselves those of FIPS.
  const isFipsAnyway = service === 'sts' && name === 'aws-us-gov' && !dualStack;
  const host = fips && !isFipsAnyway ? `${service}-fips` : service;
  const suffix = dualStack ? dualStackDnsSuffix : dnsSuffix;
  return new URL(`https://${host}.${parameters.Region}.${suffix}`);
}
