import { readArn } from './arn.ts';

const KIND_AND_NAME = /^[a-z]+:[^\s\p{C}]+$/u;
const LONGEST = 1024;

/** What a component's name says by itself: an ARN carries the account and Region it stands in. */
export interface ComponentPlace {
  readonly account?: string;
  readonly region?: string;
}

/** Whether `text` names a component: `kind:name` (`lambda:resize-image`, `stack:billing`) or a full ARN. */
export function isComponent(text: string): boolean {
  if (text.length > LONGEST) return false;
  return text.startsWith('arn:') ? readArn(text) !== undefined : KIND_AND_NAME.test(text);
}

/** Account and Region of a component given as an ARN; nothing for `kind:name`. */
export function placeOfComponent(component: string): ComponentPlace {
  const arn = component.startsWith('arn:') ? readArn(component) : undefined;
  return {
    ...(arn?.account ? { account: arn.account } : {}),
    ...(arn?.region ? { region: arn.region } : {}),
  };
}
