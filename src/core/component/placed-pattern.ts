import { matchesAny } from '../base/pattern.ts';
import { placeAsked, type ToldPlace } from './asked-place.ts';

/** Whether something is where a pattern says; what is not told counts as the caller says. */
export type PlaceTest = (told: ToldPlace, ifUntold: boolean) => boolean;

const ARN_PLACE = /^arn:[^:]*:[a-z0-9-]+:([^:]*):([^:]*):/;

/** Account and Region that a pattern of components says as an ARN, where either may be a pattern; undefined where it says neither. */
export function placeTest(pattern: string): PlaceTest | undefined {
  const [, ofRegion, ofAccount] = ARN_PLACE.exec(pattern) ?? [];
  const { region = ofRegion, account = ofAccount } = placeAsked(pattern) ?? {};
  const isRegion = partTest(region);
  const isAccount = partTest(account);
  if (isRegion === undefined && isAccount === undefined) return undefined;
  return (told, ifUntold) =>
    holds(isAccount, told.account, ifUntold) &&
    (told.isGlobal === true || holds(isRegion, told.region, ifUntold));
}

type PartTest = ((part: string) => boolean) | undefined;

function partTest(pattern: string | undefined): PartTest {
  return pattern === undefined || pattern === '' || pattern === '*' ? undefined : matchesAny([pattern]);
}

function holds(test: PartTest, told: string | undefined, ifUntold: boolean): boolean {
  if (test === undefined) return true;
  return told ? test(told) : ifUntold;
}
