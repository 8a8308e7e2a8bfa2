import { expect, test } from 'vitest';
import { escapeUnseen, escapeUnseenInLines, toOneLine } from '../../../src/errors/visible.ts';

const HOSTILE = 'a\n::error::b\r\nc\u001b[2J\u009b2J\u202ed\u2028e\u{e0001}\tf';

test('a text from outside is one line that moves nothing', () => {
  expect(toOneLine(HOSTILE)).toBe('a ::error::b c\\u001b[2J\\u009b2J\\u202ed e\\udb40\\udc01\\u0009f');
});

test('lines of our own stay lines', () => {
  expect(escapeUnseenInLines('a\n\tb\u001b\r\n')).toBe('a\n\tb\\u001b\\u000d\n');
});

test('a JSON text means the same, escaped', () => {
  expect(JSON.parse(escapeUnseen(JSON.stringify(HOSTILE)))).toBe(HOSTILE);
  expect(escapeUnseen(JSON.stringify(HOSTILE))).toMatch(/^[ -~]+$/);
});

test('other writing is left alone', () => {
  for (const text of ['größe', '変更', 'plain']) expect(escapeUnseen(text)).toBe(text);
});
