import type { TemplateDocument, TemplateMap, TemplateValue } from './template-yaml.ts';

const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::AccountId': '111122223333',
  'AWS::Partition': 'aws',
  'AWS::Region': 'eu-west-1',
  'AWS::StackId':
    'arn:aws:cloudformation:eu-west-1:111122223333:stack/stack/6ca24bd0-c5b7-11f0-8de9-0242ac120002',
  'AWS::StackName': 'stack',
  'AWS::URLSuffix': 'amazonaws.com',
};

/**
 * The value of every parameter and pseudo parameter, checked as CloudFormation checks them: a list's pattern and values count for
 * each item. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/parameters-section-structure.html
 *
 * @throws Error for a parameter that is unknown, missing or refused
 */
export function parameterValues(
  document: TemplateDocument,
  given: Readonly<Record<string, string>>,
): Record<string, TemplateValue> {
  const values: Record<string, TemplateValue> = { ...PSEUDO };
  for (const [name, value] of Object.entries(given)) {
    if (PSEUDO[name] !== undefined) values[name] = value;
    else if (document.parameters[name] === undefined)
      throw new Error(`${document.name} has no parameter ${name}`);
  }
  for (const [name, declaration] of Object.entries(document.parameters)) {
    const text = given[name] ?? declaration['Default'];
    if (text === undefined || text === null) throw new Error(`${document.name} needs ${name}`);
    const items = declaration['Type'] === 'CommaDelimitedList' ? String(text).split(',') : [String(text)];
    const refused = items.find(item => !isAccepted(declaration, item));
    if (refused !== undefined) throw new Error(`${document.name} refuses ${name}: ${refused}`);
    values[name] = declaration['Type'] === 'CommaDelimitedList' ? items : String(text);
  }
  return values;
}

/** Whether the declaration takes the text as a value, or as one item of a list. */
export function isAccepted(declaration: TemplateMap, text: string): boolean {
  const { AllowedPattern: pattern, AllowedValues: allowed, MinValue: least, MaxValue: most } = declaration;
  const { MinLength: shortest, MaxLength: longest } = declaration;
  if (declaration['Type'] === 'Number' && !/^-?\d+(\.\d+)?$/.test(text)) return false;
  if (typeof pattern === 'string' && !new RegExp(`^(?:${pattern})$`).test(text)) return false;
  if (Array.isArray(allowed) && !allowed.map(String).includes(text)) return false;
  if (least !== undefined && Number(text) < Number(least)) return false;
  if (most !== undefined && Number(text) > Number(most)) return false;
  if (shortest !== undefined && text.length < Number(shortest)) return false;
  return longest === undefined || text.length <= Number(longest);
}
