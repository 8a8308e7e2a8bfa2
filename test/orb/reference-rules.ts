import type { Part, Problem, Workflow } from './orb-parts.ts';
import { mapOr } from './orb-parts.ts';
import type { YamlMap } from './packed-orb.ts';

// `\<<` is plain text.
const REFERENCE = /\\<<|<<\s*([^<>\n]*?)\s*>>/g;

/** What the references of a text name, such as `parameters.env`. */
export function listReferences(text: string): string[] {
  return [...text.matchAll(REFERENCE)].flatMap(([, name]) => (name === undefined ? [] : [name]));
}

function allReferences(value: unknown): string[] {
  if (typeof value === 'string') return listReferences(value);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [...listReferences(key), ...allReferences(inner)]);
}

/** Whether a pipeline value exists: a declared parameter, or one of CircleCI's own; an orb sees none at all. */
function isPipelineValue(name: string, pipeline: YamlMap | undefined): boolean {
  if (pipeline === undefined) return false;
  const parameter = /^pipeline\.parameters\.(.+)$/.exec(name)?.[1];
  return parameter === undefined ? /^pipeline\.[\w.]+$/.test(name) : Object.hasOwn(pipeline, parameter);
}

const toProblem = (file: string, name: string): Problem => ({
  code: 'REFERENCE',
  file,
  message: `<< ${name} >> names nothing that is declared here`,
});

/**
 * References to parameters that the part does not declare, and to pipeline values in an orb.
 *
 * CircleCI's published schema misses them. Its compiler fails on them, but only once somebody uses the part.
 */
export function referenceProblems(part: Part): Problem[] {
  return allReferences(part.definition)
    .filter(name => {
      const parameter = /^parameters\.([\w-]+)$/.exec(name)?.[1];
      if (parameter !== undefined) return !Object.hasOwn(part.parameters, parameter);
      return !isPipelineValue(name, part.scope.pipeline);
    })
    .map(name => toProblem(part.place, name));
}

function matrixProblems(place: string, call: YamlMap, scope: Workflow['scope']): Problem[] {
  const matrix = mapOr(mapOr(call['matrix'])['parameters']);
  return allReferences(call)
    .filter(name => {
      const parameter = /^matrix\.([\w-]+)$/.exec(name)?.[1];
      return parameter === undefined
        ? !isPipelineValue(name, scope.pipeline)
        : !Object.hasOwn(matrix, parameter);
    })
    .map(name => toProblem(place, name));
}

/** {@link referenceProblems} of an example's workflow, where pipeline and matrix values may stand. */
export function workflowReferenceProblems({ place, definition, scope }: Workflow): Problem[] {
  const { jobs, ...others } = definition;
  const calls = Array.isArray(jobs) ? jobs.flatMap(job => Object.values(mapOr(job))) : [];
  return [
    ...matrixProblems(place, others, scope),
    ...calls.flatMap(call => matrixProblems(place, mapOr(call), scope)),
  ];
}
