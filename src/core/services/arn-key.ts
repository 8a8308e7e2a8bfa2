import type { Service, Thing } from './service.ts';
import { serviceInArns } from './table.ts';
import { spellName } from './thing-name.ts';

/** A thing as its ARN tells it. */
export interface ArnThing {
  readonly thing: Thing;
  /** What it lies in; undefined where the ARN does not say. */
  readonly parent: string | undefined;
  readonly name: string;
}

// Looser than what people may give: ARNs in records hold spaces, and `aws` in place of an account.
const ANY_ARN = /^arn:aws[a-z-]*:([a-z0-9-]+):[a-z0-9-]*:[^:]*:(.+)$/s;

/** Service and resource of an ARN as records have it; undefined if the text is none. */
export function splitArn(text: string): readonly [service: string, resource: string] | undefined {
  if (!text.startsWith('arn:')) return undefined;
  const [, service, resource] = ANY_ARN.exec(text) ?? [];
  return service === undefined || resource === undefined ? undefined : [service, resource];
}

/** What the resource part of an ARN names; undefined if the table does not know its form. */
export function readResource(service: Service, resource: string): ArnThing | undefined {
  for (const thing of service.things) {
    const { name, in: parent } = thing.arn?.exec(resource)?.groups ?? {};
    if (name !== undefined) return { thing, parent, name };
  }
  return undefined;
}

/** The component that a whole ARN names, in the spelling of changes; the ARN itself where the table does not know it. */
export function keyOfArn(arn: string): string {
  const [name, resource] = splitArn(arn) ?? [];
  const service = name === undefined ? undefined : serviceInArns(name);
  if (service === undefined || resource === undefined) return arn;
  for (const { read } of service.things) {
    const key = read?.(arn);
    if (key !== undefined) return key;
  }
  const found = readResource(service, resource);
  return found === undefined ? arn : toKey(service, found);
}

/** `kind:name`, or `kind:parent/name`. */
export function toKey(service: Service, { thing, parent, name }: ArnThing): string {
  const kind = thing.kind ?? service.name;
  const own = spellName(service.spell === undefined ? name : service.spell(name));
  const hasParent = parent !== undefined && parent !== thing.inPlain;
  return hasParent ? `${kind}:${spellName(parent)}/${own}` : `${kind}:${own}`;
}
