import { readArn } from '../base/arn.ts';
import { keyOfArn } from '../services/arn-key.ts';
import { functionKey } from '../services/name-or-arn.ts';
import { serviceNamed } from '../services/table.ts';

const ARN_PATTERN = /^arn:[^:]*:([a-z0-9-]+):[^:]*:[^:]*:(.+)$/;

/**
 * A component in the spelling that changes have: an ARN of a service in the table becomes `kind:name`, without what AWS adds
 * to names; another spelling of a name becomes the service's own. What is not known stays as it is.
 */
export function componentKey(component: string): string {
  if (component.startsWith('arn:')) return readArn(component) === undefined ? component : keyOfArn(component);
  const end = component.indexOf(':');
  if (end < 0) return component;
  const [kind, name] = [component.slice(0, end), component.slice(end + 1)];
  if (kind === 'lambda') return functionKey(name) ?? component;
  if (name.startsWith('arn:')) return readArn(name) === undefined ? component : keyOfArn(name);
  const spell = serviceNamed(kind)?.spell;
  return `${kind}:${spell === undefined ? name : spell(name)}`;
}

/** A name as {@link componentKey} spells it; a pattern as it stands. */
export function nameKey(text: string): string {
  return /[*?]/.test(text) ? text : componentKey(text);
}

/**
 * {@link nameKey}, and for an ARN whose parts are patterns one that fits all that it may mean: `ecs:prod/*`. It can fit more,
 * since a role and a user may have one name, so that it serves to take in and not to leave out.
 */
export function patternKey(pattern: string): string {
  const [, service, resource] = ARN_PATTERN.exec(pattern) ?? [];
  if (service === undefined || !/[*?]/.test(pattern)) return nameKey(pattern);
  const arn = `arn:aws:${service}:us-east-1:000000000000:${resource}`;
  const key = keyOfArn(arn);
  // A name with a star in it is written with %2A, and here the star is no part of a name.
  return key === arn ? pattern : key.replaceAll('%2A', '*').replaceAll('%3F', '?');
}
