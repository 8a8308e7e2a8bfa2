import { partCallProblems, workflowCallProblems } from './call-rules.ts';
import { listParts, listWorkflows, type Problem } from './orb-parts.ts';
import type { YamlMap } from './packed-orb.ts';
import { referenceProblems, workflowReferenceProblems } from './reference-rules.ts';
import { orbKeyProblems, partKeyProblems, runProblems } from './shape-rules.ts';

/**
 * What is wrong with a packed orb that CircleCI's published schema does not see (schema.json of
 * CircleCI-Public/circleci-yaml-language-server), and what our own orb must keep to besides.
 *
 * @param orbName `namespace/name`, as the examples name it
 */
export function checkOrb(orb: YamlMap, orbName: string): Problem[] {
  const parts = listParts(orb, orbName);
  const workflows = listWorkflows(orb, orbName);
  return [
    ...orbKeyProblems(orb),
    ...parts.flatMap(partKeyProblems),
    ...parts.flatMap(referenceProblems),
    ...parts.flatMap(partCallProblems),
    ...parts.filter(({ scope }) => scope.pipeline === undefined).flatMap(runProblems),
    ...workflows.flatMap(workflowReferenceProblems),
    ...workflows.flatMap(workflowCallProblems),
  ];
}
