import { type Fields, fieldsOf } from '../base/fields.ts';
import { keyOfArn, readResource, splitArn, toKey } from '../services/arn-key.ts';
import type { Service, Thing } from '../services/service.ts';
import { serviceNamed } from '../services/table.ts';
import { spellName } from '../services/thing-name.ts';
import { fieldOfNoun } from './noun-field.ts';
import {
  newNameOf,
  type Path,
  parsePath,
  type Roots,
  resourceArns,
  rootsOf,
  textsAt,
} from './record-path.ts';

/** What a call changed, each in the spelling of components; at least one, and `SERVICE:?` if the record does not tell. */
export type ThingReader = (service: string, action: string, record: Fields) => Things;

/** One component at least. */
export type Things = readonly [string, ...string[]];

/** Where calls to any service name a thing by its ARN, above all when they set tags. */
const ARN_FIELDS = [
  'resourceArn',
  'resourceARN',
  'resource',
  'resourceName',
  'arn',
  'aRN',
  'resourceArns',
].map(parsePath);
const NAME = parsePath('name');
const NONE: readonly string[] = [];

/** A thing with its paths taken apart. */
interface Places {
  readonly thing: Thing;
  readonly at: readonly NamePath[];
  readonly in: readonly Path[];
}

/** Where a name stands, and where the call says what it is from then on: the new name is changed as well. */
interface NamePath {
  readonly name: Path;
  readonly newName: Path | undefined;
}

/** What is looked for in the calls to a service. */
interface Wanted {
  readonly service: Service;
  readonly places: readonly Places[];
  readonly unknown: Things;
}

/**
 * Makes a reader of what calls changed. What it says follows from the table of services, then from `resources[]`, then from the
 * field that is called after the call's own noun; never from the order of keys, and never from what a call only mentions.
 */
export function createThingReader(): ThingReader {
  const known = new Map<string, Wanted>();
  return (name, action, record) => {
    let wanted = known.get(name);
    if (wanted === undefined) {
      wanted = toWanted(serviceNamed(name) ?? { name, things: [] });
      known.set(name, wanted);
    }
    const roots = rootsOf(wanted.service, action, record);
    return inTable(wanted, action, roots) ?? elsewhere(wanted.service, action, roots) ?? wanted.unknown;
  };
}

function toWanted(service: Service): Wanted {
  const places = service.things.map(thing => ({
    thing,
    at: thing.at.map(parsePath).map(name => ({ name, newName: newNameOf(name) })),
    in: (thing.in ?? []).map(parsePath),
  }));
  return { service, places, unknown: [`${service.name}:?`] };
}

function inTable({ service, places }: Wanted, action: string, roots: Roots): Things | undefined {
  for (const each of places) {
    const { thing, at } = each;
    if (thing.calls !== undefined && !thing.calls.test(action)) continue;
    let found: readonly string[] = [];
    for (const { name, newName } of at) {
      const named = keysAt(service, each, name, roots);
      if (named.length === 0) continue;
      const renamed = newName === undefined ? NONE : keysAt(service, each, newName, roots);
      found = found.length + renamed.length === 0 ? named : [...found, ...named, ...renamed];
      if (thing.isEach !== true) break;
    }
    if (found.length > 0) return someOf(found);
  }
  return undefined;
}

function keysAt(service: Service, places: Places, path: Path, roots: Roots): readonly string[] {
  const texts = textsAt(roots, path);
  return texts.length === 0 ? NONE : texts.flatMap(text => keyOf(service, places, text, roots) ?? NONE);
}

/** Where the table does not lead: what the record itself names, then what is called after the call's noun, then ARNs. */
function elsewhere(service: Service, action: string, roots: Roots): Things | undefined {
  return (
    someOf(ownThings(service, resourceArns(roots))) ??
    byNoun(service, action, roots.asked) ??
    byNoun(service, action, answerOf(action, roots)) ??
    someOf(ARN_FIELDS.flatMap(field => ownThings(service, textsAt(roots, field)))) ??
    (service.things.length === 0
      ? someOf(textsAt(roots, NAME).map(text => `${service.name}:${spellName(text)}`))
      : undefined)
  );
}

function someOf(keys: readonly string[]): Things | undefined {
  const [first, ...others] = keys.length > 1 ? new Set(keys) : keys;
  return first === undefined ? undefined : [first, ...others];
}

function keyOf(service: Service, places: Places, text: string, roots: Roots): string | undefined {
  const { thing } = places;
  if (thing.read !== undefined) return thing.read(text);
  const arn = splitArn(text);
  if (arn !== undefined) {
    const [name, resource] = arn;
    if (name !== (service.arnName ?? service.name)) return undefined;
    const found = readResource(service, resource);
    if (found === undefined) return spellName(text);
    // ARNs of an older form do not say what the thing lies in, and calls do.
    if (found.thing !== thing || found.parent !== undefined) return toKey(service, found);
    return toKey(service, { ...found, parent: parentIn(service, places, roots) });
  }
  const name = thing.name === undefined ? text : thing.name.exec(text)?.[1];
  if (name === undefined) return undefined;
  return toKey(service, { thing, parent: parentIn(service, places, roots), name });
}

function parentIn(service: Service, places: Places, roots: Roots): string | undefined {
  const [text] = places.in.flatMap(path => textsAt(roots, path));
  if (text === undefined) return places.thing.inDefault;
  const [, resource] = splitArn(text) ?? [];
  return resource === undefined ? text : (readResource(service, resource)?.name ?? text);
}

/** Things of the service itself: records name keys and roles beside them. An ARN that stays whole is one word too. */
function ownThings(service: Service, texts: readonly string[]): string[] {
  return texts
    .filter(text => splitArn(text)?.[0] === (service.arnName ?? service.name))
    .map(text => keyOfArn(text))
    .map(key => (key.startsWith('arn:') ? spellName(key) : key));
}

/** What was answered, with what stands in the field that is called after the thing: `vpnGateway` of CreateVpnGateway. */
function answerOf(action: string, { answer }: Roots): Fields {
  const noun = action.replace(/^[A-Z][a-z]+/, '');
  const inner = answer[noun.charAt(0).toLowerCase() + noun.slice(1)];
  return inner === undefined ? answer : { ...answer, ...fieldsOf(inner) };
}

function byNoun(service: Service, action: string, asked: Fields): Things | undefined {
  const text = fieldOfNoun(action, asked);
  if (text === undefined) return undefined;
  if (splitArn(text) !== undefined) return someOf(ownThings(service, [text]));
  return [`${service.name}:${spellName(service.spell === undefined ? text : service.spell(text))}`];
}
