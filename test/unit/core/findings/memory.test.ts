import { describe, expect, test } from 'vitest';
import {
  parseBaseline,
  parseMemory,
  renderBaseline,
  renderMemory,
} from '../../../../src/core/findings/memory.ts';

const MEMORY = {
  watermark: '2026-06-01T10:00:00Z',
  findings: { 'person-change:e1': '2026-05-31T10:00:00Z', 'unexplained-change:e1': '2026-06-01T11:00:00Z' },
  noticed: { 'person-change:e2': '2026-06-01T11:00:00Z' },
  mentioned: { 'coincident-change:e3': '2026-06-01T11:00:00Z' },
  begun: '2026-05-01T10:00:00Z',
  question: { services: 'lambda', changes: 'logs' },
};

describe('what an audit remembers', () => {
  test('is read as it was written', () => {
    const text = renderMemory(MEMORY, 'run-1');
    expect(text.endsWith('}\n')).toBe(true);
    expect(parseMemory(text, 'state.json')).toEqual(MEMORY);
    const claimed = '2026-06-01T11:05:00Z';
    expect(parseMemory(renderMemory({ ...MEMORY, claimed }, 'run-1'), 's').claimed).toBe(claimed);
  });

  test('is another text for another run', () => {
    expect(renderMemory(MEMORY, 'run-1')).not.toBe(renderMemory(MEMORY, 'run-2'));
  });

  test('is read of files of the first version too, which do not say whose it is', () => {
    const { watermark, findings } = MEMORY;
    const text = JSON.stringify({ version: 1, watermark, findings });
    const none = { noticed: {}, mentioned: {}, begun: undefined, question: undefined };
    expect(parseMemory(text, 's')).toEqual({ watermark, findings, ...none });
  });

  test('forgets findings after 400 days before the watermark', () => {
    const findings = { old: '2025-04-27T09:59:59Z', kept: '2025-04-27T10:00:00Z' };
    expect(parseMemory(renderMemory({ ...MEMORY, findings }, 'run-1'), 's').findings).toEqual({
      kept: findings.kept,
    });
  });

  test.each([
    '',
    'null',
    '[]',
    '{"version":2,"watermark":"2026-06-01T10:00:00Z","findings":{}}',
    '{"version":1,"findings":{}}',
    '{"version":1,"watermark":"2026-06-01T10:00:00+00:00","findings":{}}',
    '{"version":1,"watermark":"2026-06-01T10:00:00Z","findings":{"a":"today"}}',
    '{"version":1,"watermark":"2026-06-01T10:00:00Z","findings":["a"]}',
    renderBaseline(['a']),
  ])('%j is none', text => {
    expect(() => parseMemory(text, 'state.json')).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        message: 'state.json is not what audit --state writes',
      }),
    );
  });
});

describe('a baseline', () => {
  test('holds each finding once, in order, so that it reads well in a diff', () => {
    const text = renderBaseline(['b', 'a', 'b']);
    expect(text).toBe('{\n  "version": 1,\n  "findings": [\n    "a",\n    "b"\n  ]\n}\n');
    expect(parseBaseline(text, 'b.json')).toEqual(new Set(['a', 'b']));
  });

  test.each(['', '[]', '{"version":1}', '{"version":1,"findings":[1]}', renderMemory(MEMORY, 'run-1')])(
    '%j is none',
    text => {
      expect(() => parseBaseline(text, 'b.json')).toThrow(
        expect.objectContaining({
          code: 'CONFIG_INVALID',
          message: 'b.json is not what audit --write-baseline writes',
        }),
      );
    },
  );
});
