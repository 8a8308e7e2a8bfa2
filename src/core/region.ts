import { DeployMarkerError } from '../errors/deploy-marker-error.ts';
import { quote } from './quote.ts';

/**
 * What all of AWS's Regions look like, in every partition.
 * Source: https://docs.aws.amazon.com/general/latest/gr/rande.html, and the partitions of AWS's SDKs.
 */
const REGION = /^[a-z]{2,}(?:-[a-z]+)+-\d{1,2}$/;
const LONGEST = 32;

/** Whether a text has the form of a Region. */
export function isRegion(text: string): boolean {
  return text.length <= LONGEST && REGION.test(text);
}

/**
 * The Region, as it may become part of a host: what is none could make another host of it, which would get the request with its
 * signature and session token.
 *
 * @throws DeployMarkerError CONFIG_INVALID
 */
export function checkRegion(region: string): string {
  if (isRegion(region)) return region;
  throw new DeployMarkerError('CONFIG_INVALID', `${quote(region)} is no Region of AWS`, {
    hint: 'correct --region, AWS_REGION, the profile or deploy-marker.json: a Region is for example eu-west-1',
  });
}
