import { type ComponentPlace, placeOfComponent } from './component.ts';

// Functions have partial ARNs besides, as in src/core/services/name-or-arn.ts.
const PARTIAL_ARN = /^lambda:(?:([a-z]{2,}(?:-[a-z]+)+-\d):)?(\d{12}):/;

/** Where something is, as far as it is told. */
export interface ToldPlace {
  readonly account?: string | undefined;
  readonly region?: string | undefined;
  /** Its Region says nothing: what is global is recorded in one of them. */
  readonly isGlobal?: boolean | undefined;
}

/**
 * Account and Region that a component which somebody asks for says by itself: as an ARN, also behind its kind, or as a function's partial
 * ARN. A thing of the same name in another place is another thing. Undefined where it says neither, as `kind:name`.
 */
export function placeAsked(component: string): ComponentPlace | undefined {
  const [, region, account] = PARTIAL_ARN.exec(component) ?? [];
  const place =
    account === undefined
      ? placeOfComponent(component.replace(/^[a-z][a-z0-9-]*:(?=arn:)/, ''))
      : { account, ...(region === undefined ? {} : { region }) };
  return place.account === undefined && place.region === undefined ? undefined : place;
}

/** Whether something may be in the place that is asked for: what nobody tells may be anything. */
export function isInPlace(place: ComponentPlace | undefined, told: ToldPlace): boolean {
  if (place === undefined) return true;
  return isSame(place.account, told.account) && (told.isGlobal === true || isSame(place.region, told.region));
}

function isSame(asked: string | undefined, told: string | undefined): boolean {
  return asked === undefined || !told || asked === told;
}
