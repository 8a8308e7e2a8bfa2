import { execFileSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkVariableName, toExportLine, toGithubEnvLines } from '../../../../src/io/job/shell-variable.ts';
import { anyCharacters } from '../../core/findings/hostile-text.ts';
import { useScratchFolder } from '../scratch-folder.ts';

const HOSTILE = [
  '',
  ' ',
  'plain',
  "it's",
  "'",
  "''",
  "'\\''",
  '"',
  '$(touch pwned)',
  '`touch pwned`',
  "'; touch pwned; '",
  '"; touch pwned; "',
  '$IFS$9touch pwned',
  'a\nb',
  '\n',
  'trailing\n\n',
  '\r\n',
  'back\\slash\\',
  '\\n',
  '\\',
  '-n',
  '--',
  '-e -x',
  '!event !!',
  '~',
  '*',
  '# comment',
  'a=b',
  '&& touch pwned',
  '| touch pwned',
  '> pwned',
  '<(touch pwned)',
  '領収書 é 🚀',
  '\t\u0001\u007f\u0085\u2028\ufeff',
  'x'.repeat(10_000),
];

const folder = useScratchFolder();

/** What a fresh shell that sources the lines exports to the programs it starts. */
function readBack(shell: string, values: readonly string[]): string[] {
  const file = folder('env.sh');
  writeFileSync(file, `${values.map((value, i) => toExportLine(`V${i}`, value)).join('\n')}\n`);
  const output = execFileSync(shell, ['-eu', '-c', '. "$1"; exec /usr/bin/env -0', shell, file], {
    cwd: folder(),
    env: {},
    // Node's pipes are sockets, and a bash that reads from one takes itself for a remote shell with its own start-up files.
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const found = new Map(
    output
      .toString('utf8')
      .split('\0')
      .map(pair => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );
  expect(readdirSync(folder())).toEqual(['env.sh']);
  return values.map((_, i) => found.get(`V${i}`) ?? 'unset');
}

describe.each(['/bin/bash', '/bin/sh'])('a fresh %s that sources the lines', shell => {
  test('has exactly the hostile values, and ran nothing', () => {
    expect(readBack(shell, HOSTILE)).toEqual(HOSTILE);
  });

  test('has exactly any value', () => {
    const piece = fc.oneof(
      fc.constantFrom(...HOSTILE.slice(0, -1)),
      anyCharacters(),
      fc.string({ unit: 'grapheme' }),
    );
    const value = fc.array(piece, { maxLength: 4 }).map(pieces => pieces.join('').replaceAll('\0', ''));
    fc.assert(
      fc.property(fc.array(value, { minLength: 10, maxLength: 60 }), values => {
        expect(readBack(shell, values)).toEqual(values);
      }),
      { numRuns: 12, endOnFailure: true },
    );
  });
});

describe('checkVariableName', () => {
  test.each(['ROLE_SESSION_NAME', '_x', 'a', 'DEPLOY_MARKER_STARTED_AT', 'X9', 'MY_PATH'])(
    'takes %s',
    name => {
      expect(checkVariableName(name)).toBe(name);
    },
  );

  test.each(['', '9X', 'A-B', 'A B', 'A=B', 'É', 'A\n', 'A;id', '$A', 'a.b'])(
    'refuses %j, which is no name',
    name => {
      expect(() => checkVariableName(name)).toThrow(
        expect.objectContaining({
          code: 'USAGE',
          message: expect.stringContaining('is not a variable name'),
        }),
      );
    },
  );

  const known =
    'PATH BASH_ENV ENV LD_PRELOAD LD_LIBRARY_PATH DYLD_INSERT_LIBRARIES NODE_OPTIONS PYTHONPATH PERL5OPT RUBYOPT GIT_SSH_COMMAND GITHUB_ENV CIRCLE_SHA1 HOME IFS OPENSSL_CONF GCONV_PATH LOCPATH GLIBC_TUNABLES TMOUT FUNCNEST HISTFILE POSIXLY_CORRECT PS4 PROMPT_COMMAND path Path';
  test.each(known.split(' '))('refuses %s, which others use', name => {
    expect(() => checkVariableName(name)).toThrow(
      expect.objectContaining({ code: 'USAGE', message: expect.stringContaining('use themselves') }),
    );
  });

  test('refuses every variable that bash has by itself', () => {
    const own = execFileSync('/bin/bash', ['--norc', '-c', 'compgen -v'], {
      env: {},
      stdio: ['ignore', 'pipe', 'inherit'],
      encoding: 'utf8',
    })
      .trim()
      .split('\n');
    expect(own).toContain('UID');
    for (const name of own) expect(() => checkVariableName(name), name).toThrow(/use themselves/);
  });
});

/** The runner's own way to read $GITHUB_ENV: `NAME=value`, or `NAME<<WORD`, lines, `WORD`. */
function readGithubEnv(text: string): Map<string, string> {
  const found = new Map<string, string>();
  const lines = text.split('\n');
  for (let i = 0; i < lines.length; i += 1) {
    const line = lines[i] ?? '';
    const [equals, heredoc] = [line.indexOf('='), line.indexOf('<<')];
    if (equals >= 0 && (heredoc < 0 || equals < heredoc))
      found.set(line.slice(0, equals), line.slice(equals + 1));
    else if (heredoc >= 0) {
      const end = lines.indexOf(line.slice(heredoc + 2), i + 1);
      found.set(line.slice(0, heredoc), lines.slice(i + 1, end).join('\n'));
      i = end;
    }
  }
  return found;
}

describe('toGithubEnvLines', () => {
  test('is one line for a plain value', () => {
    expect(toGithubEnvLines('A', 'b<<c=d', 'WORD')).toBe('A=b<<c=d');
    expect(toGithubEnvLines('A', '', 'WORD')).toBe('A=');
  });

  test.each(['a\nb', 'a\r', '\n', 'a\nA=evil\n'])('frames %j', value => {
    expect(toGithubEnvLines('A', value, 'WORD')).toBe(`A<<WORD\n${value}\nWORD`);
  });

  test('the runner reads back exactly any value, and no other variable', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '=', '<<', '\n', '\r', 'X', ' ') }), value => {
        const text = `BEFORE=1\n${toGithubEnvLines('A', value, 'e2b0')}\nAFTER=2\n`;
        expect([...readGithubEnv(text)]).toEqual([
          ['BEFORE', '1'],
          ['A', value],
          ['AFTER', '2'],
        ]);
      }),
    );
  });
});
