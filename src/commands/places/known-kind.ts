import { findByName } from '../../core/component/bare-name.ts';
import { kindOf } from '../../core/component/component.ts';
import { isUnknown, serviceOfComponent } from '../../core/component/spellings.ts';
import { isAll, type ServiceChoice } from '../../core/services/choice.ts';
import { nearestServices, serviceCalled } from '../../core/services/names.ts';
import { serviceNamed } from '../../core/services/table.ts';
import { kindsOfThing } from '../../core/services/things-called.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';

/** Why no change that is ever read is called like a component. */
export interface KindFault {
  readonly message: string;
  readonly hint: string;
}

/**
 * What is wrong with the kind of a component, or the service of an ARN: CloudTrail calls no service so, or calls it otherwise. Markers may
 * have such kinds all the same. Undefined where changes may be called so.
 *
 * @param seen components, for the one that may be meant
 */
export function findKindFault(
  component: string,
  services: ServiceChoice,
  seen: Iterable<string> = [],
): KindFault | undefined {
  const name = serviceOfComponent(component);
  if (name === undefined || isUnknown(component)) return undefined;
  const service = serviceCalled(name);
  const kind = kindOf(component);
  if (service === name || (service !== undefined && kind !== name)) return undefined;
  const rest = component.slice(component.indexOf(':') + 1);
  if (service !== undefined) {
    // What CloudFormation has are stacks.
    const own = serviceNamed(service)?.things[0]?.kind ?? service;
    return {
      message: `CloudTrail calls ${name} ${service}: what changed is called ${own}:NAME, and not ${component}`,
      hint: `ask for ${own}:${rest}`,
    };
  }
  // Who names a service in full knows that it is one, and an ARN is of one; all are read.
  if (isAll(services) ? kind === undefined : services.includes(name)) return undefined;
  const message = `no service is known as ${name}, so that no change of ${component} is found`;
  const full = `for a service that deploy-marker does not know yet, add --services ${name}.amazonaws.com`;
  if (kind === undefined) return { message, hint: full };
  return { message, hint: hintFor(name, rest, seen) };
}

function hintFor(kind: string, rest: string, seen: Iterable<string>): string {
  const things = kindsOfThing(kind);
  const near = things.length > 0 ? things : nearestServices(kind);
  if (near.length > 0) return `did you mean ${near.join(' or ')}? ask for ${near[0]}:${rest}`;
  // An alias behind the name of a function, as Lambda writes it.
  const { component = `lambda:${kind}` } = findByName(kind, seen);
  return `ask for ${component}, if ${kind} is its name; a kind is a service, as in lambda:NAME or stack:NAME`;
}

/** @throws DeployMarkerError USAGE where nothing that changes is called so */
export function requireKnownKind(component: string, services: ServiceChoice, seen?: Iterable<string>): void {
  const fault = findKindFault(component, services, seen);
  if (fault !== undefined) throw new DeployMarkerError('USAGE', fault.message, { hint: fault.hint });
}
