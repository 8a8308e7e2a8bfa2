// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are shell.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { substituteVariables } from '../fakes/env-subst.mjs';

const STUB = fileURLToPath(new URL('../fakes/bin/circleci', import.meta.url));

const VARIABLES = {
  A: 'one two',
  EMPTY: '',
  _X: 'u',
  NESTED: '$A ${A} $(date)',
  é: 'acute',
};

// What github.com/a8m/envsubst v1.4.3 makes of each text with VARIABLES; undefined where it says "closing brace expected".
const TABLE: readonly (readonly [string, string | undefined])[] = [
  ['', ''],
  ['plain', 'plain'],
  ['$A', 'one two'],
  ['${A}', 'one two'],
  ['<$A>', '<one two>'],
  ['$A$A', 'one twoone two'],
  ['$A.b', 'one two.b'],
  ['$AB', ''],
  ['$NONE', ''],
  ['${NONE}', ''],
  ['$EMPTY', ''],
  ['$_X', 'u'],
  ['$_', '$_'],
  ['${_}', '${_}'],
  ['$é', 'acute'],
  ['$“A”', '$“A”'],
  ['$NESTED', '$A ${A} $(date)'],
  ['${NESTED}', '$A ${A} $(date)'],
  ['$', '$'],
  ['a $ b', 'a $ b'],
  ['a$', 'a$'],
  ['$$', '$'],
  ['$$A', '$A'],
  ['$$$A', '$one two'],
  ['$ A', '$ A'],
  ['\\$A', '\\one two'],
  ["'$A'", "'one two'"],
  ['"$A"', '"one two"'],
  ['$1', ''],
  ['$toString', ''],
  ['$(touch pwned)', '$(touch pwned)'],
  ['$((1+1))', '$((1+1))'],
  ['`touch pwned`', '`touch pwned`'],
  ['${NONE:-$(touch pwned)}', '(touch pwned)'],
  ['${NONE:-default}', 'default'],
  ['${EMPTY:-default}', 'default'],
  ['${A:-default}', 'one two'],
  ['${NONE-default}', 'default'],
  ['${EMPTY-default}', ''],
  ['${NONE:=default}', 'default'],
  ['${NONE=default}', 'default'],
  ['${EMPTY=default}', ''],
  ['${A:+other}', 'other'],
  ['${A+other}', 'other'],
  ['${EMPTY:+other}', 'other'],
  ['${NONE:+other}', ''],
  ['${NONE:-}', ''],
  ['${NONE:-a b/c:d}', 'a b/c:d'],
  ['${NONE:-$A}', 'one two'],
  ['${NONE:-a $A}', 'a $A'],
  ['${NONE:-${A}}', '}'],
  ['${NONE:-日本}', '日本'],
  ['${A:?message}', 'one two'],
  ['${#A}', ''],
  ['${!A}', ''],
  ['${A%two}', 'one two'],
  ['${A/one/1}', 'one two'],
  ['${A[0]}', 'one two'],
  ['${}', '${}'],
  ['${ A }', ''],
  ['${-A}', '${-A}'],
  ['${$A}', ''],
  ['}', '}'],
  ['${A', undefined],
  ['${', undefined],
  ['$A ${A', undefined],
  ['${A\n}', undefined],
  ['${A:-x\ny}', undefined],
  ['x\n$A\ny\n', 'x\none two\ny\n'],
  ['$A\r\n', 'one two\r\n'],
  ['<nil>', '<nil>'],
  ['-x $A', '-x one two'],
  ['lambda:$A\nlayer:${NONE:-base}', 'lambda:one two\nlayer:base'],
  ['café 日本 $A é', 'café 日本 one two é'],
  ['a&b;c|d>e<f $A', 'a&b;c|d>e<f one two'],
  ['%s\\n$A', '%s\\none two'],
];

interface Output {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function subst(args: readonly string[], input: string): Promise<Output> {
  return new Promise(resolve => {
    const env = { PATH: process.env['PATH'], FAKE_CIRCLECI_NODE: process.execPath, ...VARIABLES };
    const child = execFile(STUB, ['env', 'subst', ...args], { env }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode, stdout, stderr }),
    );
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}

describe('circleci env subst', () => {
  test.each(TABLE)('%j becomes %j', (text, expected) => {
    if (expected === undefined)
      expect(() => substituteVariables(text, VARIABLES)).toThrow('closing brace expected');
    else expect(substituteVariables(text, VARIABLES)).toBe(expected);
  });

  test('refuses a text after which the library waits for ever', () => {
    expect(() => substituteVariables('${NONE:-$_}', VARIABLES)).toThrow('closing brace expected');
  });

  test('takes an argument, of which it looks at the first, or stdin, and adds no line end', async () => {
    const done = (stdout: string) => ({ code: 0, stdout, stderr: '' });
    const [argument, first, stdin, empty] = await Promise.all([
      subst(['a $A'], 'not this'),
      subst(['$A', '$EMPTY'], ''),
      subst([], '-x $A\n'),
      subst([''], '$A'),
    ]);
    expect([argument, first, stdin, empty]).toEqual([
      done('a one two'),
      done('one two'),
      done('-x one two\n'),
      done(''),
    ]);
  });

  test('takes an argument that begins with a hyphen for a flag, and fails where braces are open', async () => {
    const [flag, long, open] = await Promise.all([
      subst(['-x'], ''),
      subst(['--env $A'], ''),
      subst(['${A'], ''),
    ]);
    expect(flag).toMatchObject({ code: 2, stdout: '' });
    expect(long).toMatchObject({ code: 2, stdout: '' });
    expect(open).toEqual({ code: 1, stdout: '', stderr: 'Error: closing brace expected\n' });
  });
});
