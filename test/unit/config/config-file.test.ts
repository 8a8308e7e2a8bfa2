import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfigFile } from '../../../src/config/config-file.ts';
import type { OptionTable } from '../../../src/config/option.ts';

const KNOWN = async (): Promise<OptionTable> => ({
  env: { type: 'string' },
  'max-rate': { type: 'string' },
  account: { type: 'string' },
  component: { type: 'list' },
  file: { type: 'string', value: 'PATH' },
  strict: { type: 'boolean' },
  'external-id': { type: 'string', secret: true },
  'dry-run': { type: 'boolean', configurable: false },
});

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deploy-marker-config-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function read(text: string): Promise<unknown> {
  await writeFile(join(folder, 'given.json'), text);
  return readConfigFile('given.json', folder, KNOWN);
}

describe('readConfigFile', () => {
  test('takes every type of setting', async () => {
    const text = '{"env":"prod","max-rate":50,"account":"123456789012","component":["a","b"],"strict":true}';
    expect(await read(text)).toEqual({
      env: 'prod',
      'max-rate': '50',
      account: '123456789012',
      component: ['a', 'b'],
      strict: true,
    });
  });

  test('takes one text for a list and text for a boolean, as the environment has them', async () => {
    expect(await read('{"component":"a\\nb","strict":"1"}')).toEqual({ component: 'a\nb', strict: '1' });
  });

  test('takes an empty object and blanks around it', async () => {
    expect(await read(' \n{}\n')).toEqual({});
  });

  test('reads deploy-marker.json in the folder, unless another file is named', async () => {
    expect(await readConfigFile(undefined, folder, KNOWN)).toEqual({});
    await writeFile(join(folder, 'deploy-marker.json'), '{"env":"default"}');
    await writeFile(join(folder, 'other.json'), '{"env":"other"}');
    expect(await readConfigFile(undefined, folder, KNOWN)).toEqual({ env: 'default' });
    expect(await readConfigFile('other.json', folder, KNOWN)).toEqual({ env: 'other' });
    expect(await readConfigFile(join(folder, 'other.json'), '/', KNOWN)).toEqual({ env: 'other' });
  });

  test.each(['/etc/markers.jsonl', '../up.jsonl', 'a/../../up.jsonl', '..', '~/markers.jsonl', 'a\\..\\b'])(
    'refuses the path %s of the file that comes with a checkout, and takes it from one that is named',
    async path => {
      const text = JSON.stringify({ file: path, env: '../x' });
      await writeFile(join(folder, 'deploy-marker.json'), text);
      await writeFile(join(folder, 'named.json'), text);
      await expect(readConfigFile(undefined, folder, KNOWN)).rejects.toThrow(
        `deploy-marker.json does not hold: "file" leads out of the checkout, got ${JSON.stringify(path)}`,
      );
      expect(await readConfigFile('named.json', folder, KNOWN)).toMatchObject({ file: path });
      await rm(join(folder, 'deploy-marker.json'));
    },
  );

  test.each(['markers.jsonl', './a/b..c', 's3://bucket/a/../b'])(
    'takes %s, which stays inside or is none',
    async path => {
      await writeFile(join(folder, 'deploy-marker.json'), JSON.stringify({ file: path }));
      expect(await readConfigFile(undefined, folder, KNOWN)).toEqual({ file: path });
      await rm(join(folder, 'deploy-marker.json'));
    },
  );

  test('a file that is named must be there', async () => {
    await expect(readConfigFile('missing.json', folder, KNOWN)).rejects.toMatchObject({
      code: 'INPUT_UNREADABLE',
      exitCode: 2,
      message: expect.stringContaining(join(folder, 'missing.json')),
    });
  });

  test('a default that is there must be readable', async () => {
    await expect(readConfigFile('.', folder, KNOWN)).rejects.toMatchObject({ code: 'INPUT_UNREADABLE' });
  });

  test('a mark that editors put in front is no part of it, and UTF-16 is told', async () => {
    await writeFile(join(folder, 'marked.json'), '\ufeff{"env":"prod"}');
    expect(await readConfigFile('marked.json', folder, KNOWN)).toEqual({ env: 'prod' });
    await writeFile(join(folder, 'wide.json'), '\ufeff{"env":"prod"}', 'utf16le');
    await expect(readConfigFile('wide.json', folder, KNOWN)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      hint: 'it is UTF-16, as PowerShell writes it: write it again as UTF-8',
    });
  });

  test.each<[string, string]>([
    ['{\n  "env": "prod",\n}', 'given.json is not JSON at line 3, column 1'],
    ['', 'given.json is empty'],
    ['{"env":"prod",}', 'given.json is not JSON at line 1, column 15'],
    ['env: prod', 'given.json is not JSON at line 1, column 1'],
    ['[]', 'given.json is not a JSON object'],
    ['"prod"', 'given.json is not a JSON object'],
    ['null', 'given.json is not a JSON object'],
    ['{"envv":"prod"}', 'given.json does not hold: "envv" is not a setting (did you mean env?)'],
    ['{"componet":"a"}', 'given.json does not hold: "componet" is not a setting (did you mean component?)'],
    ['{"dry-run":true}', 'given.json does not hold: "dry-run" is not a setting'],
    [
      '{"constructor":"x","__proto__":"y"}',
      'given.json does not hold: "constructor" is not a setting; "__proto__" is not a setting',
    ],
    ['{"env":null}', 'given.json does not hold: "env" must be a string or a number, got null'],
    ['{"external-id":["x"]}', 'given.json does not hold: "external-id" must be a string or a number'],
    ['{"env":{}}', 'given.json does not hold: "env" must be a string or a number, got {}'],
    [
      '{"component":[1]}',
      'given.json does not hold: "component" must be a string or a list of strings, got [1]',
    ],
  ])('refuses %j', async (text, message) => {
    await expect(read(text)).rejects.toMatchObject({ code: 'CONFIG_INVALID', exitCode: 7, message });
  });

  test.each<[string, string]>([
    ['{"env":["prod","stage"]}', '"env" must be a string or a number, got ["prod","stage"]'],
    ['{"strict":["true"]}', '"strict" must be true or false, got ["true"]'],
    ['{"env":true}', '"env" must be a string or a number, got true'],
    ['{"strict":1}', '"strict" must be true or false, got 1'],
    ['{"component":true}', '"component" must be a string or a list of strings, got true'],
  ])('refuses %s, which is of another type than the flag', async (text, message) => {
    await expect(read(text)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: `given.json does not hold: ${message}`,
    });
  });

  test('names every problem at once', async () => {
    await expect(read('{"a":1,"env":{},"b":2}')).rejects.toThrow(
      /"a" is not a setting; "env" must .*; "b" is not a setting/,
    );
  });
});
