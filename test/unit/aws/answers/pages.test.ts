import { expect, test } from 'vitest';
import { readPages } from '../../../../src/aws/answers/pages.ts';

/** The pages that are read where the page of a token names the next one so. */
async function pagesOf(next: (token: string | undefined) => string | undefined, most?: number) {
  const pages: (string | undefined)[] = [];
  const ask = async (token: string | undefined) => ({ page: token, next: next(token) });
  try {
    for await (const { page } of readPages('LookupEvents', ask, most)) pages.push(page);
  } catch (error) {
    return { pages, error };
  }
  return { pages, error: undefined };
}

test('pages follow each other until one has no token', async () => {
  const answer = await pagesOf(token => ({ undefined: 'a', a: 'b' })[String(token)]);
  expect(answer).toEqual({ pages: [undefined, 'a', 'b'], error: undefined });
});

test('pages that go round end with the first token that was there before', async () => {
  const { pages, error } = await pagesOf(token => ({ undefined: 'a', a: 'b', b: 'a' })[String(token)]);
  expect(pages).toEqual([undefined, 'a', 'b']);
  expect(error).toMatchObject({ code: 'UNEXPECTED_RESPONSE' });
});

test('pages that always name a new one end incomplete', async () => {
  const { pages, error } = await pagesOf(token => `${token}+`, 5);
  expect(pages).toHaveLength(5);
  expect(error).toMatchObject({ code: 'ANSWER_INCOMPLETE', exitCode: 8 });
});
