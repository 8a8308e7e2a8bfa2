import { isJsonObject } from '../fakes/http-message.ts';
import type { Library, YamlMap } from './packed-orb.ts';

/** One thing that breaks a rule. */
export interface Problem {
  readonly code: string;
  /** A source file, or a place in the packed orb such as `commands.emit`. */
  readonly file: string;
  readonly message: string;
}

/** What names mean somewhere: the own parts and those of orbs, `foreign` for orbs whose source is not here. */
export interface Scope {
  readonly own: Library;
  readonly orbs: Readonly<Record<string, Library | 'foreign'>>;
  /** Pipeline parameters, or undefined in an orb, which sees no pipeline values. */
  readonly pipeline: YamlMap | undefined;
}

/** A command, job or executor of the orb or of an example's config. */
export interface Part {
  readonly place: string;
  readonly kind: keyof Library;
  readonly definition: YamlMap;
  readonly parameters: YamlMap;
  readonly scope: Scope;
}

/** A workflow of an example. */
export interface Workflow {
  readonly place: string;
  readonly definition: YamlMap;
  readonly scope: Scope;
}

/** A step: what it is (`run`, `when`, `checkout`, the name of a command) and what it was given. */
export interface Step {
  readonly kind: string;
  readonly value: unknown;
  /** Keys beside the first, which no step may have. */
  readonly others: readonly string[];
}

const KINDS = ['commands', 'jobs', 'executors'] as const;

/** The value if it is a map, else an empty one: for rules, which report a wrong shape elsewhere. */
export function mapOr(value: unknown): YamlMap {
  return isJsonObject(value) ? value : {};
}

/** The value if it is a list, else an empty one. */
export function listOr(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function toLibrary(value: YamlMap): Library {
  return {
    commands: mapOr(value['commands']),
    jobs: mapOr(value['jobs']),
    executors: mapOr(value['executors']),
  };
}

function partsOf(library: Library, scope: Scope, prefix: string): Part[] {
  return KINDS.flatMap(kind =>
    Object.entries(library[kind] ?? {}).map(([name, value]) => {
      const definition = mapOr(value);
      const parameters = mapOr(definition['parameters']);
      return { place: `${prefix}${kind}.${name}`, kind, definition, parameters, scope };
    }),
  );
}

function usageScopes(orb: YamlMap, orbName: string): { place: string; usage: YamlMap; scope: Scope }[] {
  return Object.entries(mapOr(orb['examples'])).map(([name, example]) => {
    const usage = mapOr(mapOr(example)['usage']);
    const orbs = Object.entries(mapOr(usage['orbs'])).map(
      ([key, reference]): [string, Library | 'foreign'] => [
        key,
        String(reference).startsWith(`${orbName}@`) ? toLibrary(orb) : 'foreign',
      ],
    );
    const scope = {
      own: toLibrary(usage),
      orbs: Object.fromEntries(orbs),
      pipeline: mapOr(usage['parameters']),
    };
    return { place: `examples.${name}.`, usage, scope };
  });
}

/** All commands, jobs and executors: those of the orb, then those of its examples. */
export function listParts(orb: YamlMap, orbName: string): Part[] {
  const own = toLibrary(orb);
  return [
    ...partsOf(own, { own, orbs: {}, pipeline: undefined }, ''),
    ...usageScopes(orb, orbName).flatMap(({ place, scope }) => partsOf(scope.own, scope, place)),
  ];
}

/** All workflows of the orb's examples. */
export function listWorkflows(orb: YamlMap, orbName: string): Workflow[] {
  return usageScopes(orb, orbName).flatMap(({ place, usage, scope }) =>
    Object.entries(mapOr(usage['workflows'])).map(([name, definition]) => ({
      place: `${place}workflows.${name}`,
      definition: mapOr(definition),
      scope,
    })),
  );
}

/** What `name` is in `scope`, `foreign` when that is another orb's matter, undefined when it is nothing. */
export function findPart(kind: keyof Library, name: string, scope: Scope): YamlMap | 'foreign' | undefined {
  const [key = '', bare] = name.split('/');
  const library = bare === undefined ? scope.own : scope.orbs[key];
  if (library === 'foreign' || library === undefined) return library;
  const definition = library[kind]?.[bare ?? name];
  return isJsonObject(definition) ? definition : undefined;
}

/** Every step of a list, those inside `when`, `unless` and the steps that a call is given included. */
export function listSteps(steps: unknown): Step[] {
  return listOr(steps).flatMap(step => {
    if (typeof step === 'string') return [{ kind: step, value: undefined, others: [] }];
    const [kind = '', ...others] = Object.keys(mapOr(step));
    const value = mapOr(step)[kind];
    const inner = Object.entries(mapOr(value)).filter(([key]) => /(?:^|[-_])steps$/.test(key));
    return [{ kind, value, others }, ...inner.flatMap(([, list]) => listSteps(list))];
  });
}
