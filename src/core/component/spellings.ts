import { splitArn } from '../services/arn-key.ts';
import { serviceNamed } from '../services/table.ts';
import { kindOf, serviceOfKind } from './component.ts';

const NONE: readonly string[] = [];

/**
 * What else may stand for a changed thing: `ecs:web` for `ecs:prod/web`, since people leave out what a thing lies in; and
 * `databrew:job/etl` and `databrew:etl` for an ARN that the table of services does not know.
 */
export function otherSpellings(component: string): readonly string[] {
  if (component.startsWith('arn:')) {
    const [service, resource] = splitArn(component) ?? [];
    const last = resource?.split(/[/:]/).findLast(part => part !== '');
    return service === undefined ? NONE : [`${service}:${resource}`, `${service}:${last}`];
  }
  const kind = kindOf(component);
  return hasParent(component) ? [`${kind}:${component.slice(component.lastIndexOf('/') + 1)}`] : NONE;
}

/** Whether a component is `kind:?`, a thing that no call named. */
export function isUnknown(component: string): boolean {
  return component.endsWith(':?');
}

/** The service whose records show changes of the component, as `eventSource` has it; undefined for what is none. */
export function serviceOfComponent(component: string): string | undefined {
  const kind = kindOf(component);
  return kind === undefined ? splitArn(component)?.[0] : serviceOfKind(kind);
}

/** What a changed thing lies in: `ecs:prod` for `ecs:prod/web`; undefined if that is not known. */
export function parentOf(component: string): string | undefined {
  return hasParent(component) ? component.slice(0, component.lastIndexOf('/')) : undefined;
}

/** What else than its own name stands for a changed thing: {@link otherSpellings}, and what it lies in. */
export function furtherNames(changed: string): readonly string[] {
  // Most names have neither.
  if (!changed.includes('/') && !changed.startsWith('arn:')) return NONE;
  const others = otherSpellings(changed);
  const parent = parentOf(changed);
  return parent === undefined ? others : [...others, parent];
}

/** Whether a component, as somebody names it, stands for the changed thing: itself, another spelling of it, or what it lies in. */
export function standsFor(named: string, changed: string): boolean {
  return named === changed || furtherNames(changed).includes(named);
}

/** A slash parts a name from what it lies in only where the table says so: names of log groups have slashes of their own. */
function hasParent(component: string): boolean {
  if (!component.includes('/')) return false;
  const things = serviceNamed(kindOf(component) ?? '')?.things ?? [];
  return things.some(thing => thing.in !== undefined);
}
