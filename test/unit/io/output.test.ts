import { describe, expect, test } from 'vitest';
import { createRedactor } from '../../../src/errors/redactor.ts';
import type { Io } from '../../../src/io/io.ts';
import { createOutput, type Output, type OutputFlags } from '../../../src/io/output.ts';

function say(flags: Partial<OutputFlags>, speak: (out: Output) => void): { stdout: string; stderr: string } {
  const said = { stdout: '', stderr: '' };
  const sink = (name: 'stdout' | 'stderr') => ({
    write(text: string) {
      said[name] += text;
    },
  });
  const io: Io = {
    env: {},
    cwd: '/',
    stdin: (async function* () {})(),
    stdout: sink('stdout'),
    stderr: sink('stderr'),
    now: () => 0,
    signal: new AbortController().signal,
    nodeVersion: '20.20.2',
    self: { node: '', script: '' },
  };
  const redactor = createRedactor();
  redactor.learn('hunter2hunter2');
  speak(createOutput(io, { quiet: false, debug: false, ...flags }, redactor));
  return said;
}

test('a long result is written piece by piece, without secrets', () => {
  const pieces = ['{"a":"hunter2hunter2"', ',"b":1}'];
  expect(say({ quiet: true }, out => out.resultParts(pieces)).stdout).toBe('{"a":"***","b":1}\n');
});

const everything = (out: Output): void => {
  out.result('result hunter2hunter2');
  out.note('note hunter2hunter2');
  out.warn('warn hunter2hunter2');
  out.debug('debug hunter2hunter2');
};

describe('createOutput', () => {
  test.each<[Partial<OutputFlags>, string]>([
    [{}, 'note ***\nwarning: warn ***\n'],
    [{ quiet: true }, 'warning: warn ***\n'],
    [{ debug: true }, 'note ***\nwarning: warn ***\ndebug: debug ***\n'],
    [{ quiet: true, debug: true }, 'warning: warn ***\ndebug: debug ***\n'],
  ])('under %j keeps the result on stdout, the rest on stderr, and secrets off both', (flags, stderr) => {
    expect(say(flags, everything)).toEqual({ stdout: 'result ***\n', stderr });
  });

  test('shows a secret only as the result that was asked for', () => {
    expect(say({}, out => out.secretResult('hunter2hunter2'))).toEqual({
      stdout: 'hunter2hunter2\n',
      stderr: '',
    });
  });
});
