import { findNear } from '../base/nearest.ts';
import { kindOf } from './component.ts';
import { componentKey } from './key.ts';
import { isUnknown, otherSpellings, standsFor } from './spellings.ts';

/** Kinds that a name without one stands for before all others, in this order. */
const FIRST_KINDS = ['lambda', 'stack'];
/** As many names are offered for one that was not seen. */
const MOST_OFFERED = 5;

/** What a name without a kind stands for. */
export interface NameMatch {
  /** The function of that name, else the stack, else the only thing of that name; undefined if there is none, or several. */
  readonly component: string | undefined;
  /** Everything else that has the name. */
  readonly others: readonly string[];
}

/**
 * Finds what somebody means by a name alone, as `resize-image`: a function, then a stack, then a thing of any other kind.
 *
 * @param seen components, in the spelling that changes have
 */
export function findByName(name: string, seen: Iterable<string>): NameMatch {
  const found = new Set<string>();
  for (const component of seen) {
    const candidate = isUnknown(component) ? undefined : candidateFor(name, component);
    if (candidate !== undefined) found.add(candidate);
  }
  const all = [...found].toSorted();
  const first = FIRST_KINDS.map(kind => all.find(each => kindOf(each) === kind)).find(Boolean);
  const component = first ?? (all.length === 1 ? all[0] : undefined);
  return { component, others: all.filter(each => each !== component) };
}

/** The seen component as it is called by that name; undefined if it has another one. */
function candidateFor(name: string, seen: string): string | undefined {
  const kind = kindOf(seen);
  if (kind === undefined) return otherSpellings(seen).some(each => endsIn(each, name)) ? seen : undefined;
  const named = componentKey(`${kind}:${name}`);
  return standsFor(named, seen) ? named : undefined;
}

/** Whether a seen component has that name, whatever its kind. */
export function hasName(name: string, seen: string): boolean {
  return !isUnknown(seen) && candidateFor(name, seen) !== undefined;
}

function endsIn(component: string, name: string): boolean {
  return component.slice(component.indexOf(':') + 1) === name;
}

/** Whether a component is among those that were seen, under whatever name. */
export function isSeen(component: string, seen: Iterable<string>): boolean {
  for (const each of seen) if (standsFor(component, each)) return true;
  return false;
}

/** Seen components that somebody may have meant who asked for one that was not seen: those whose names are near. */
export function findNearComponents(asked: string, seen: Iterable<string>): string[] {
  const byName = new Map<string, string[]>();
  for (const component of seen) {
    if (isUnknown(component)) continue;
    const name = nameIn(component);
    byName.set(name, [...(byName.get(name) ?? []), component]);
  }
  const near = findNear(nameIn(asked), [...byName.keys()]).flatMap(name => byName.get(name) ?? []);
  return [...new Set(near)].slice(0, MOST_OFFERED);
}

function nameIn(component: string): string {
  const key = componentKey(component);
  return kindOf(key) === undefined ? key : key.slice(key.indexOf(':') + 1);
}
