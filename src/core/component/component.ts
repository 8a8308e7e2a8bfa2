import { readArn } from '../base/arn.ts';
import { quote } from '../base/quote.ts';
import { causeOf, isName } from '../services/thing-name.ts';

const KIND = /^([a-z][a-z0-9-]*):/;
const LONGEST = 1024;
// CloudWatch Logs ends the ARNs of log groups like this.
// Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
const ALL_STREAMS = /(:log-group:[^:]+):\*$/;

/** Kinds that are not called after the service whose things they are. */
const SERVICES: Readonly<Record<string, string>> = { layer: 'lambda', stack: 'cloudformation' };

/** What a component's name says by itself: an ARN carries the account and Region it stands in. */
export interface ComponentPlace {
  readonly account?: string;
  readonly region?: string;
}

/** Whether `text` names a component: `kind:name` (`lambda:resize-image`, `ecs:prod/web`) or a full ARN. */
export function isComponent(text: string): boolean {
  if (text.length > LONGEST) return false;
  if (text.startsWith('arn:')) return isName(text.replace(ALL_STREAMS, '$1')) && readArn(text) !== undefined;
  const [head] = KIND.exec(text) ?? [];
  return head !== undefined && isName(text.slice(head.length));
}

/**
 * Whether a marker that is kept may have this component: earlier versions took lists, patterns and variables too, and what
 * such a marker says of its session still holds.
 */
export function isKeptComponent(text: string): boolean {
  return isComponent(text) || (text.length <= LONGEST && /^[a-z]+:(?:(?!\p{C})\S)+$/u.test(text));
}

/** A text that names no component as messages tell it, with the usual cause if it has one. */
export function quoteNoComponent(text: string): string {
  const cause = causeOf(KIND.test(text) ? text.slice(text.indexOf(':') + 1) : text);
  return cause === undefined ? quote(text) : `${quote(text)}: ${cause}`;
}

/** The kind of a component that is `kind:name`; undefined for an ARN. */
export function kindOf(component: string): string | undefined {
  return component.startsWith('arn:') ? undefined : KIND.exec(component)?.[1];
}

/** The service whose records show changes of things of this kind, as `eventSource` has it. */
export function serviceOfKind(kind: string): string {
  return SERVICES[kind] ?? kind;
}

/** Account and Region of a component given as an ARN; nothing for `kind:name`. */
export function placeOfComponent(component: string): ComponentPlace {
  const arn = component.startsWith('arn:') ? readArn(component) : undefined;
  return {
    ...(arn?.account ? { account: arn.account } : {}),
    ...(arn?.region ? { region: arn.region } : {}),
  };
}
