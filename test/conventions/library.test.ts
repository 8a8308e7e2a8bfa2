import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readOne } from './repository.ts';

/** What `src/index.ts` exports, with the file that declares it. */
async function readExports(): Promise<Map<string, string>> {
  const { text } = await readOne('src/index.ts');
  const names = new Map<string, string>();
  for (const [, list = '', path = ''] of text.matchAll(/export (?:type )?\{([^}]*)\} from '([^']+)'/g)) {
    for (const name of list.split(',').map(each => each.replace(/\btype\b/, '').trim())) {
      if (name !== '') names.set(name, posix.join('src', path));
    }
  }
  return names;
}

const EXPORTS = await readExports();

/** The declaration of an export with its doc comment, those of its members included. */
async function declarationOf(
  name: string,
): Promise<{ readonly doc: string; readonly whole: string; readonly kind: string }> {
  const { text } = await readOne(EXPORTS.get(name) ?? '');
  const form = new RegExp(
    `(/\\*\\*(?:(?!\\*/)[\\s\\S])*\\*/)\\nexport (?:async )?(function|interface|type|class|const) ${name}\\b(?:.*;\\n|[\\s\\S]*?\\n[}\\]])`,
  );
  const [whole = '', doc = '', kind = ''] = form.exec(text) ?? [];
  return { doc, whole, kind };
}

describe('the documents of what the library exports', () => {
  test('are all looked at', () => {
    expect(EXPORTS.size).toBeGreaterThan(50);
  });

  test.each([...EXPORTS.keys()])('%s', async name => {
    const { doc, whole, kind } = await declarationOf(name);
    expect(doc).not.toBe('');
    if (kind === 'function') expect(doc).toContain('@example');
    const linked = [...whole.matchAll(/\{@link ([\w.]+)/g)].map(([, target = '']) => target.split('.')[0]);
    expect(linked.filter(target => target !== undefined && !EXPORTS.has(target))).toEqual([]);
  });
});
