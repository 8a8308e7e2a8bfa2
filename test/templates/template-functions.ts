import { isTemplateMap, type TemplateValue } from './template-yaml.ts';

/**
 * Every object that CloudFormation would take for a function and refuse: a key `Ref` or `Fn::…` beside others, a `Ref` of anything
 * but a name, a variable of `Fn::Sub` that is called like a function. `Condition` is a function inside of conditions alone; elsewhere
 * it is an attribute or the key of a statement.
 *
 * @returns the paths of the objects
 */
export function misplacedFunctions(value: TemplateValue | undefined, path: readonly string[] = []): string[] {
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => misplacedFunctions(item, [...path, String(index)]));
  }
  if (!isTemplateMap(value)) return [];
  const keys = Object.keys(value);
  const isVariables = path.slice(-2).join() === 'Fn::Sub,1';
  const mayCondition = isVariables || (path[0] === 'Conditions' && path.length > 1);
  const isMisplaced = keys
    .filter(key => key === 'Ref' || key.startsWith('Fn::') || (mayCondition && key === 'Condition'))
    .some(
      key => isVariables || keys.length > 1 || (!key.startsWith('Fn::') && typeof value[key] !== 'string'),
    );
  return [
    ...(isMisplaced ? [path.join('.')] : []),
    ...Object.entries(value).flatMap(([key, entry]) => misplacedFunctions(entry, [...path, key])),
  ];
}
