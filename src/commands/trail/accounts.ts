import type { CloudTrailOptions } from '../../aws/cloudtrail/client.ts';
import { parseRoleArn } from '../../core/base/arn.ts';
import { quote } from '../../core/base/quote.ts';
import { checkRegion } from '../../core/base/region.ts';
import type { PlaceChoice } from '../../core/source/place-choice.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { awsRegionOf } from '../../io/aws-config/files.ts';
import type { CommandContext } from '../command.ts';
import { learnerOf } from '../credential-learner.ts';
import { unknownRegion } from '../unknown-region.ts';

/** An account, by the caller's own credentials or by a role in it. */
export interface Account {
  readonly name: string;
  readonly roleArn: string | undefined;
}

/** How the account of the credentials at hand is named beside others. */
const OWN_ACCOUNT = 'self';
/** The account of the credentials at hand. */
export const OWN: Account = { name: 'this account', roleArn: undefined };

/**
 * What one `--account` names.
 *
 * @param needsRole event history of another account takes a role in it; a bucket has logs of many
 * @throws DeployMarkerError USAGE, ARN_INVALID
 */
export function parseAccount(text: string, needsRole = true): Account {
  if (text === OWN_ACCOUNT) return OWN;
  if (!needsRole && /^\d{12}$/.test(text)) return { name: text, roleArn: undefined };
  const [, id, roleArn] = /^(\d{12})=(.+)$/.exec(text) ?? [];
  if (id === undefined || roleArn === undefined) {
    throw new DeployMarkerError(
      'USAGE',
      `--account must be ID=ROLE_ARN or ${OWN_ACCOUNT}, got ${quote(text)}`,
      {
        hint: 'pass for example --account 123456789012=arn:aws:iam::123456789012:role/audit',
      },
    );
  }
  const { account } = parseRoleArn(roleArn);
  if (account !== id) {
    throw new DeployMarkerError('USAGE', `--account ${id} has a role of the account ${account}`, {
      hint: 'name a role in the account that it is to read',
    });
  }
  return { name: id, roleArn };
}

/** Where S3 and STS are asked first if nobody says where. */
const ANY_REGION = 'us-east-1';

/** What flags say of accounts and Regions. */
export interface PlaceFlags {
  readonly account: readonly string[];
  readonly region: readonly string[];
  /** Nobody named the Region: it says where to ask first, and nothing is left out for it. */
  readonly isRegionAssumed?: boolean;
}

/** The Regions that somebody named, each once. @throws DeployMarkerError CONFIG_INVALID */
function namedRegions({ region, isRegionAssumed }: PlaceFlags): string[] {
  return isRegionAssumed === true ? [] : [...new Set(region)].map(checkRegion);
}

/** A Region for what is the same in all of a partition. */
export function anyRegion(
  { region: [first] }: Pick<PlaceFlags, 'region'>,
  { io: { env } }: CommandContext,
): string {
  return awsRegionOf(env) || (first ?? ANY_REGION);
}

/** The accounts and Regions that flags name; STS says which account `self` is. @throws DeployMarkerError USAGE, ARN_INVALID, CONFIG_INVALID, and as STS fails */
export async function readPlaceChoice(flags: PlaceFlags, context: CommandContext): Promise<PlaceChoice> {
  const accounts: string[] = [];
  for (const text of new Set(flags.account)) {
    const account = parseAccount(text, false);
    accounts.push(account === OWN ? await ownAccount(flags, context) : account.name);
  }
  return { accounts, regions: namedRegions(flags) };
}

/** The account of the credentials at hand. */
export async function ownAccount(
  flags: Pick<PlaceFlags, 'region'>,
  context: CommandContext,
): Promise<string> {
  const { readCallerIdentity } = await import('../../aws/sts/caller-identity.ts');
  const service = connection(anyRegion(flags, context), OWN, context);
  return (await readCallerIdentity(service, context.io.signal)).account;
}

/** The first Region that is named; else the one of the profile, where stores are, and last what a component says. @throws DeployMarkerError USAGE if there is none */
export function firstRegion(
  { region: [first], isRegionAssumed = false }: Pick<PlaceFlags, 'region' | 'isRegionAssumed'>,
  { io: { env } }: CommandContext,
): string {
  const region = isRegionAssumed ? awsRegionOf(env) || first : (first ?? awsRegionOf(env));
  if (region) return region;
  throw unknownRegion('', env);
}

/** How an account and Region are asked in which something was found. */
export interface PlaceConnection {
  readonly options: CloudTrailOptions;
  /** Whether it takes the caller's own credentials, which may be those of another account. */
  readonly isOwn: boolean;
}

/** Connects to an account by its role of `--account`, else by the caller's own credentials. @throws DeployMarkerError USAGE, ARN_INVALID, CONFIG_INVALID */
export function connectTo(
  { account, region }: { readonly account: string; readonly region: string },
  flags: { readonly account: readonly string[] },
  context: CommandContext,
): PlaceConnection {
  const named = flags.account.map(text => parseAccount(text)).find(({ name }) => name === account) ?? OWN;
  return { options: connection(region, named, context), isOwn: named.roleArn === undefined };
}

/** How AWS is asked in a Region, with an account's credentials. @throws DeployMarkerError CONFIG_INVALID */
export function connection(
  region: string,
  { roleArn }: Account,
  { io: { env }, out, redactor }: CommandContext,
): CloudTrailOptions {
  const learn = learnerOf(redactor);
  const role = roleArn === undefined ? undefined : { roleArn, sessionName: 'deploy-marker', region, learn };
  return { region: checkRegion(region), env, warn: out.warn, learn, role };
}
