import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { compactTexts } from '../../scripts/orb/compact-text.mjs';
import { packOrb, packTree } from '../../scripts/orb/pack.mjs';
import { injectTokens, registryAddress } from '../../scripts/orb/token.mjs';
import { toYamlText } from '../../scripts/orb/yaml-text.mjs';
import { findCircleciCli } from './circleci-cli.ts';
import { FAULTS_OF_SOURCE } from './fixtures/source-faults.ts';
import { GOOD_SOURCE, withFile } from './fixtures/source-tree.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const scratch = await mkdtemp(join(tmpdir(), 'pack-orb-'));
afterAll(() => rm(scratch, { recursive: true }));

async function writeTree(name: string, tree: ReadonlyMap<string, string>): Promise<string> {
  for (const [path, text] of tree) {
    await mkdir(join(scratch, name, path, '..'), { recursive: true });
    await writeFile(join(scratch, name, path), text);
  }
  return join(scratch, name);
}

describe('packing', () => {
  test('puts each component under its file name, resolves merge keys, includes and escapes scripts', () => {
    const tree = withFile(GOOD_SOURCE, 'scripts/greet.sh', 'cat <<EOF\n$((1 <<<2)) \\<<x\nEOF');
    const orb = packTree(tree);
    expect(Object.keys(orb)).toEqual([
      'version',
      'description',
      'display',
      'commands',
      'jobs',
      'executors',
      'examples',
    ]);
    expect(Object.keys(Object(orb['commands']))).toEqual(['greet', 'install']);
    const shell = 'sh -e';
    const B = '<< parameters.name >>';
    expect(Object(orb['commands']).greet.steps).toEqual([
      {
        run: {
          ...{ name: 'Greet', shell, when: '<< parameters.when >>' },
          environment: { A: 'own', B },
          command: 'cat \\<<EOF\n$((1 \\<<<2)) \\\\<<x\nEOF',
        },
      },
      {
        when: {
          condition: '<< parameters.loud >>',
          steps: [
            { run: { name: 'Greet again', shell, environment: { A: 'merged', B }, command: 'echo again' } },
          ],
        },
      },
      { steps: '<< parameters.steps >>' },
    ]);
  });

  test('adds files to a section that @orb.yml begins', () => {
    const root = `${GOOD_SOURCE.get('@orb.yml')}commands: {other: {description: x, steps: [checkout]}}\n`;
    expect(Object.keys(Object(packTree(withFile(GOOD_SOURCE, '@orb.yml', root))['commands']))).toEqual([
      'other',
      'greet',
      'install',
    ]);
  });

  test.each(FAULTS_OF_SOURCE)('refuses %s', (_what, path, text, message) => {
    expect(() => packTree(withFile(GOOD_SOURCE, path, text))).toThrow(message);
  });

  test('of a folder leaves out files and folders that begin with a dot, and refuses what is no text or no file', async () => {
    const folder = await writeTree(
      'dots',
      new Map([...GOOD_SOURCE, ['.hidden/x.yml', 'x: 1'], ['commands/.draft.yml', 'x: 1']]),
    );
    expect(await packOrb(folder)).toEqual(packTree(GOOD_SOURCE));
    await writeFile(join(folder, 'scripts/blob'), Buffer.from([0xff, 0xfe]));
    await expect(packOrb(folder)).rejects.toThrow('scripts/blob: it is not UTF-8');
    await rm(join(folder, 'scripts/blob'));
    await symlink(join(folder, 'scripts/greet.sh'), join(folder, 'scripts/link.sh'));
    await expect(packOrb(folder)).rejects.toThrow('scripts/link.sh: it is neither a file nor a folder');
  });
});

describe('the YAML of a packed orb', () => {
  test.each([
    ['trailing spaces and tabs', 'a  \n\tb\t\nc\n'],
    ['no final newline', 'a\nb'],
    ['blank lines at the end', 'a\n\n\n'],
    ['lines with #', 'a\n# b\n #c\n'],
    ['non-ASCII', 'größe\n日本 𝛼 é\n'],
    ['a very long line', `a\n${'word '.repeat(2000)}\n`],
    ['white space first', '  a\nb\n'],
    ['blank lines first', '\n\n  a\n'],
    ['a carriage return', 'a\r\nb\r\n'],
    ['control characters', 'a\u0007\n\u001b[0m\u0085\u2028\ufeff\n'],
    ['only white space', ' \n \n'],
    ['document markers', '---\n...\n--- a\n'],
    ['one long line', 'word '.repeat(2000)],
    ...[
      'yes',
      'No',
      'on',
      'null',
      '~',
      '',
      '1.10',
      '0777',
      '1_000',
      '2026-01-01',
      '12:30',
      '.inf',
      '0x1f',
      'e1',
      '0Xa',
      '-_1',
      '<<',
      '=',
    ].map(word => [`the word ${word}`, word]),
  ])('keeps %s', (_what, text) => {
    const value = { [text]: text, list: [text, [text]] };
    expect(parse(toYamlText(value))).toEqual(value);
    expect(parse(toYamlText(value), { version: '1.1' })).toEqual(value);
  });

  test('keeps any text', () => {
    const text = fc.string({
      unit: fc.constantFrom('\n', ' ', '\t', 'a', '#', ':', '-', '<<', "'", '"', 'ü'),
    });
    fc.assert(
      fc.property(text, script => {
        expect(parse(toYamlText({ a: [{ script }] }))).toEqual({ a: [{ script }] });
      }),
    );
  });

  test('has sorted keys, two spaces, no anchors of maps, short maps on one line, and scripts as they are written', () => {
    const shared = { z: 1, a: true };
    expect(toYamlText({ b: [shared], a: { c: shared, B: 'echo "x"\n\n  # y\n' } })).toBe(
      'a:\n  B: |\n    echo "x"\n\n      # y\n  c: {a: true, z: 1}\nb:\n- {a: true, z: 1}\n',
    );
  });

  test('has a description that parameters share once, and other texts as often as they are there', () => {
    const description = 'What is deployed.';
    const parameters = {
      a: { description },
      b: { description, default: description },
      c: { description: 'short' },
    };
    const value = { x: { description, parameters }, y: { parameters } };
    const text = toYamlText(value);
    expect(text.match(/What is deployed/g)).toHaveLength(4);
    expect(text).toContain(
      'a: {description: &_a What is deployed.}, b: {default: What is deployed., description: *_a}',
    );
    expect(parse(text)).toEqual(value);
  });

  test('refers to parameters without what only people read', () => {
    const texts = {
      a: '<< parameters.x >>',
      b: ['<< parameters.x >> <<parameters.y>>'],
      c: '\\<< parameters.x >>',
    };
    expect(toYamlText(compactTexts({ texts }))).toBe(
      'texts: {a: <<parameters.x>>, b: [<<parameters.x>> <<parameters.y>>], c: "\\\\<< parameters.x >>"}\n',
    );
  });

  test('leaves examples as people write them', () => {
    expect(toYamlText({ examples: { a: { b: { c: 'x' } } } })).toBe('examples:\n  a:\n    b:\n      c: x\n');
  });
});

describe('a script', () => {
  test('is packed without what only its readers need', () => {
    const script = `#!/bin/sh
# Says it.
say() {
  case $1 in
    # Nothing.
    '') ;;
    *)
      if [ "$1" = a ]; then
        echo \\
          "a # b"
      else
        echo b
      fi
      ;;
  esac
}
say a
`;
    expect(compactTexts({ steps: [{ run: { name: '# x\n', command: script } }] })).toEqual({
      steps: [
        {
          run: {
            name: '# x\n',
            command: `say() { case $1 in '') ;; *)\nif [ "$1" = a ]; then echo "a # b"; else echo b; fi ;; esac; }\nsay a\n`,
          },
        },
      ],
    });
  });

  test('of one line stays as it is', () => {
    expect(compactTexts({ command: '  # x' })).toEqual({ command: '  # x' });
  });

  test.each(['cat <<EOF\nx\nEOF\n', 'cat \\<<-"EOF"\nx\nEOF\n'])(
    'with a here-document is refused: %j',
    command => {
      expect(() => compactTexts({ command })).toThrow('here-document');
    },
  );
});

describe('tokens', () => {
  test('are replaced once, everywhere in values', () => {
    expect(injectTokens({ a: ['x%A%%B%', { b: '%A%' }], n: 1 }, { A: '%B%', B: '$&' })).toEqual({
      a: ['x%B%$&', { b: '%B%' }],
      n: 1,
    });
  });

  test.each([
    ['%OTHER%: nothing is known', { a: '%OTHER%' }, {}],
    ['%A%: it stands in a key', { '%A%': 'x' }, { A: '1' }],
    ['%A%: the orb does not use it', { a: 'x' }, { A: '1' }],
  ])('%s … is refused', (message, orb, tokens) => {
    expect(() => injectTokens(orb, tokens)).toThrow(message);
  });

  test('of the registry have no final slash and no secret', () => {
    expect(registryAddress('https://npm.example.com/a/')).toBe('https://npm.example.com/a');
    for (const url of ['https://u:p@npm.example.com/', 'https://npm.example.com/?token=x', 'file:///tmp'])
      expect(() => registryAddress(url)).toThrow(/^registry: /);
  });
});

const cli = findCircleciCli(process.env);

// Not required with CI=true, unlike the AWS CLI: no package registry has it, so it is there only where somebody installed it.
test('a circleci CLI is there, or the check below is named as skipped', () => {
  if (typeof cli === 'string') console.log(`SKIPPED: our packing against circleci orb pack: ${cli}`);
});

test.runIf(typeof cli !== 'string')('circleci orb pack makes the same of orb/src', async () => {
  if (typeof cli === 'string') throw new Error(cli);
  const { stdout } = await promisify(execFile)(cli.command, ['orb', 'pack', join(ROOT, 'orb/src')]);
  expect(parse(stdout)).toEqual(await packOrb(join(ROOT, 'orb/src')));
});
