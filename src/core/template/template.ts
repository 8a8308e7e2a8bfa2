import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { offerNames } from '../base/nearest.ts';
import { quote } from '../base/quote.ts';
import { readTemplateParameters, setDefaults, type TemplateParameter } from './parameter.ts';

/**
 * Bytes of a parameter's value.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
 */
const VALUE_BYTES = 4096;

/** What no line of YAML can hold as it is: line breaks and other control characters, halves of characters, and no characters. */
const UNWRITABLE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\ufffe\uffff]/u;

const WHOLE_NUMBER = /^[-+]?\d+$/;
const NUMBER = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/;

/**
 * Makes values the defaults of a template's parameters, so that it can be deployed without naming them. All else in it stays byte
 * for byte.
 *
 * @param values by name of the parameter
 * @throws DeployMarkerError USAGE if the template lacks a parameter, CloudFormation would refuse a value, or one does not fit into
 *   a line of YAML or is a secret
 */
export function fillTemplate(text: string, values: ReadonlyMap<string, string>): string {
  const parameters = new Map(readTemplateParameters(text).map(each => [each.name, each]));
  for (const [name, value] of values) {
    const parameter = parameters.get(name);
    if (parameter === undefined) {
      throw new DeployMarkerError('USAGE', `the template has no parameter ${quote(name)}`, {
        hint: offerNames(name, [...parameters.keys()], 'its parameters'),
      });
    }
    checkValue(parameter, value);
  }
  return setDefaults(text, values);
}

function checkValue(parameter: TemplateParameter, value: string): void {
  const { name, description, constraint } = parameter;
  if (parameter.no_echo) {
    throw new DeployMarkerError('USAGE', `parameter ${name} is a secret, which a template would show`, {
      hint: `pass ${name} when you deploy the template`,
    });
  }
  const rule = brokenRule(parameter, value);
  if (rule === undefined) return;
  const meant = constraint === undefined ? '' : `it must be ${constraint.replace(/^must be |\.$/g, '')}; `;
  throw new DeployMarkerError('USAGE', `parameter ${name} cannot be ${quote(value)}: ${meant}it ${rule}`, {
    hint: `give ${name} as the template says: ${description.replace(/\.$/, '')}`,
  });
}

/**
 * The rule that a value breaks. Patterns and lists of values are for the items of a list, without the blanks around them.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
 */
function brokenRule(parameter: TemplateParameter, value: string): string | undefined {
  const { type, allowed_values: allowed, pattern } = parameter;
  const { min_length: shortest = 0, max_length: longest = Infinity } = parameter;
  if (UNWRITABLE.test(value)) return 'must be one line without control characters';
  if (Buffer.byteLength(value) > VALUE_BYTES) return `must have ${VALUE_BYTES} bytes at the most`;
  if (type === 'Number' && allowed === undefined) return brokenNumber(parameter, value);
  if (value.length < shortest) return `must have ${shortest} characters or more`;
  if (value.length > longest) return `must have ${longest} characters at the most`;
  const items = type === 'CommaDelimitedList' ? value.split(',').map(item => item.trim()) : [value];
  if (allowed !== undefined && !items.every(item => allowed.includes(item)))
    return `must be one of ${allowed.join(', ')}`;
  const whole = new RegExp(`^(?:${pattern ?? '[^]*'})$`, 'u');
  return items.every(item => whole.test(item)) ? undefined : `must match ${pattern}`;
}

/** The rule that a number breaks. Where all that the template says of it is whole, a fraction is none that its resource takes. */
function brokenNumber(
  { min_value: least, max_value: most, default: standard }: TemplateParameter,
  value: string,
): string | undefined {
  const said = [least, most, standard].filter(each => each !== undefined && each !== null);
  const isWhole = said.length > 0 && said.every(each => Number.isInteger(Number(each)));
  const number = Number(value);
  const isInRange = number >= (least ?? -Infinity) && number <= (most ?? Infinity);
  if ((isWhole ? WHOLE_NUMBER : NUMBER).test(value) && isInRange) return undefined;
  const range = [
    ...(least === undefined ? [] : [`at least ${least}`]),
    ...(most === undefined ? [] : [`at most ${most}`]),
  ].join(' and ');
  return `must be a ${isWhole ? 'whole ' : ''}number${range === '' ? '' : ` of ${range}`}`;
}
