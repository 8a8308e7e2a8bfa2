import { strictViolation } from '../aws-refusal.ts';
import { isJsonObject } from '../http-message.ts';
import { logsConstraint } from './logs-input.ts';

// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html (JSON log events)

type Test = (event: Readonly<Record<string, unknown>>) => boolean;

/** Selector, operator and value, or a bracket or connective. */
const TOKEN =
  /\s*(?:([()]|&&|\|\|)|\$\.(\w+(?:\.\w+)*) *(?:(=|!=) *"([^"]*)"|(IS NULL|IS TRUE|IS FALSE|NOT EXISTS)))\s*/y;

type Token = string | { readonly test: Test };

/**
 * A JSON filter pattern as a predicate of messages: selectors without lists, texts with `*`, `IS`, `NOT EXISTS`, `&&`, `||` and brackets.
 * A message that is no JSON object matches none but the empty pattern.
 *
 * @throws {AwsRefusal} for a pattern that is longer than there can be, or that this server does not understand
 */
export function readPattern(pattern: string): (message: string) => boolean {
  if (pattern.length > 1024) throw logsConstraint('filterPattern', 'Member must have length 0 to 1024');
  if (pattern === '') return () => true;
  const [, inner] = /^\{(.*)\}$/s.exec(pattern) ?? [];
  if (inner === undefined) throw unknown(pattern);
  const tokens = tokensOf(inner, pattern);
  const test = readEither(tokens, pattern);
  if (tokens.length > 0) throw unknown(pattern);
  return message => {
    const event = parse(message);
    return event !== undefined && test(event);
  };
}

function unknown(pattern: string): Error {
  return strictViolation(`This server has no filter pattern ${pattern}`);
}

function tokensOf(text: string, pattern: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text);
    if (match === null) throw unknown(pattern);
    const [, sign, path, operator, value = '', state] = match;
    tokens.push(sign ?? { test: toTest(path ?? '', operator ?? state ?? '', value) });
  }
  return tokens;
}

function toTest(path: string, operator: string, value: string): Test {
  const form = new RegExp(
    `^${value.replace(/[.*+?^${}()|[\]\\]/g, char => (char === '*' ? '.*' : `\\${char}`))}$`,
    's',
  );
  const fits = (found: unknown): boolean => typeof found === 'string' && form.test(found);
  return event => {
    const found = path
      .split('.')
      .reduce<unknown>((at, key) => (isJsonObject(at) ? at[key] : undefined), event);
    switch (operator) {
      case '=':
        return fits(found);
      case '!=':
        return found !== undefined && !fits(found);
      case 'IS NULL':
        return found === null;
      case 'IS TRUE':
        return found === true;
      case 'IS FALSE':
        return found === false;
      default:
        return found === undefined;
    }
  };
}

function readEither(tokens: Token[], pattern: string): Test {
  const tests = [readBoth(tokens, pattern)];
  while (tokens[0] === '||') {
    tokens.shift();
    tests.push(readBoth(tokens, pattern));
  }
  return event => tests.some(test => test(event));
}

function readBoth(tokens: Token[], pattern: string): Test {
  const tests = [readOne(tokens, pattern)];
  while (tokens[0] === '&&') {
    tokens.shift();
    tests.push(readOne(tokens, pattern));
  }
  return event => tests.every(test => test(event));
}

function readOne(tokens: Token[], pattern: string): Test {
  const token = tokens.shift();
  if (token === '(') {
    const test = readEither(tokens, pattern);
    if (tokens.shift() !== ')') throw unknown(pattern);
    return test;
  }
  if (token === undefined || typeof token === 'string') throw unknown(pattern);
  return token.test;
}

function parse(message: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(message);
    return isJsonObject(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
