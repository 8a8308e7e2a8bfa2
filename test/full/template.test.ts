import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { TEMPLATE_NAMES } from '../../src/core/template/names.ts';
import { errorOf, makeFolder, runCli } from '../cli/run-cli.ts';

const LIST = TEMPLATE_NAMES.join(', ');

const readSource = (name: string): Promise<string> =>
  readFile(new URL(`../../src/templates/${name}.yaml`, import.meta.url), 'utf8');

/** The same text with another default of `RetentionDays`, which is a line of its own. */
const withRetention = (text: string, days: string): string =>
  text.replace(/(\n {2}RetentionDays:\n {4}Type: Number\n {4}Default: )400\n/, `$1'${days}'\n`);

describe('stdout', () => {
  test.each(TEMPLATE_NAMES)('has %s byte for byte', async name => {
    const stdout = await readSource(name);
    expect(await runCli(['template', name])).toMatchObject({ code: 0, stdout, stderr: '' });
  });

  test('has the values that are given', async () => {
    const result = await runCli(['template', 'logs', '--param', 'RetentionDays=731']);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout).toBe(withRetention(await readSource('logs'), '731'));
    expect(result.stdout).not.toBe(await readSource('logs'));
  });

  test('several values, with commas, blanks and signs of YAML in them', async () => {
    const arns = 'arn:aws:iam::123456789012:role/a,arn:aws:iam::123456789012:role/b';
    const args = ['--param', `TrustedRoleArns=${arns}`, '--param=RoleName=a=b', '--param', 'ChannelArn='];
    const { code, stdout } = await runCli(['template', 'marker-role', ...args]);
    expect(code).toBe(0);
    expect(parse(stdout, { logLevel: 'silent' }).Parameters).toMatchObject({
      TrustedRoleArns: { Default: arns },
      RoleName: { Default: 'a=b' },
      ChannelArn: { Default: '' },
    });
  });

  test('has one JSON object under --json', async () => {
    const result = await runCli(['template', 'logs', '--json', '--param', 'RetentionDays=731']);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    const { parameters, ...others } = JSON.parse(result.stdout);
    const template = withRetention(await readSource('logs'), '731');
    const summary = parse(template, { logLevel: 'silent' }).Description;
    expect(others).toEqual({ version: 1, name: 'logs', summary, template });
    expect(parameters).toContainEqual({
      name: 'RetentionDays',
      type: 'Number',
      default: '731',
      required: false,
      description: expect.stringMatching(/./),
      allowed_values: expect.arrayContaining(['400', '731']),
    });
    expect(parameters).toContainEqual(
      expect.objectContaining({
        name: 'KmsKeyArn',
        type: 'String',
        default: '',
        pattern: expect.any(String),
      }),
    );
  });

  test('has it where - is the file', async () => {
    const cwd = await makeFolder();
    const stdout = await readSource('drift');
    const result = await runCli(['template', 'drift', '--out', '-'], { cwd });
    expect(result).toMatchObject({ code: 0, stdout, stderr: '' });
    expect(await readdir(cwd)).toEqual([]);
  });

  test('names what is required', async () => {
    const { stdout } = await runCli(['template', 'circleci-role', '--json']);
    expect(JSON.parse(stdout).parameters).toContainEqual(
      expect.objectContaining({ name: 'OrganizationId', default: null, required: true }),
    );
  });
});

describe('--out', () => {
  test('writes the file, and folders above it', async () => {
    const cwd = await makeFolder();
    const result = await runCli(['template', 'trail', '--out', 'cfn/trail.yaml'], { cwd });
    expect(result).toMatchObject({ code: 0, stdout: '', stderr: 'wrote "cfn/trail.yaml"\n' });
    expect(await readFile(join(cwd, 'cfn/trail.yaml'), 'utf8')).toBe(await readSource('trail'));
    expect(await readdir(join(cwd, 'cfn'))).toEqual(['trail.yaml']);
  });

  test('is silent under --quiet, and goes with --json', async () => {
    const cwd = await makeFolder();
    const quiet = await runCli(['template', 'trail', '--out', 'a.yaml', '--quiet'], { cwd });
    expect(quiet).toMatchObject({ code: 0, stdout: '', stderr: '' });
    const { stdout } = await runCli(['template', 'trail', '--out', 'b.yaml', '--json'], { cwd });
    expect(JSON.parse(stdout).template).toBe(await readFile(join(cwd, 'b.yaml'), 'utf8'));
  });

  test('a folder cannot be written', async () => {
    const cwd = await makeFolder();
    await mkdir(join(cwd, 'there'));
    const result = await runCli(['template', 'trail', '--out', 'there'], { cwd });
    expect(result).toMatchObject({ code: 5, stdout: '' });
    expect(errorOf(result)).toMatchObject({
      code: 'FILE_UNWRITABLE',
      message: 'there cannot be written: it is a folder',
    });
  });
});

describe('refused', () => {
  const name = `name one of ${LIST}`;
  const CASES: readonly (readonly [args: string[], message: string, hint: string])[] = [
    [[], 'template needs the name of one template', name],
    [['lake', 'logs'], 'template needs the name of one template, got "lake", "logs"', name],
    [
      ['circle-role'],
      '"circle-role" is not a template',
      `did you mean circleci-role? The templates are ${LIST}`,
    ],
    [['help'], '"help" is not a template', `the templates are ${LIST}`],
    [
      ['logs', 'RetentionDays=731', 'KmsKeyArn='],
      'template needs the name of one template, got "logs", "RetentionDays=731", "KmsKeyArn="',
      'write --param RetentionDays=731 --param KmsKeyArn=',
    ],
    [['logs', 'LogGroupName=a b'], 'template needs the name of one template, …', name],
    [
      ['logs', '--param', 'RetentionDays'],
      '--param must be NAME=VALUE, got "RetentionDays"',
      'write --param RetentionDays=731',
    ],
    [
      ['logs', '--param', 'LogGroupName=a\nb'],
      'parameter LogGroupName cannot be "a\\nb": it must be 1 to 512 of the characters …',
      'give LogGroupName as the template says: …',
    ],
    [
      ['logs', '--param', 'RetentionDay=400'],
      'the template has no parameter "RetentionDay"',
      'did you mean RetentionDays? Its parameters are LogGroupName, RetentionDays, KmsKeyArn',
    ],
    [
      ['logs', '--param', 'RetentionDays=400', '--param', 'RetentionDays=731'],
      '--param gives RetentionDays twice',
      'give every parameter once; items of a list stand in one value, between commas',
    ],
    [
      ['logs', '--param', 'RetentionDays=12'],
      'parameter RetentionDays cannot be "12": it must be one of 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653',
      'give RetentionDays as the template says: …',
    ],
    [
      ['logs', '--param', 'KmsKeyArn=alias/a'],
      'parameter KmsKeyArn cannot be "alias/a": it must be the ARN of a KMS key, not of an alias, or empty; it must match ^$|^arn:…',
      'give KmsKeyArn as the template says: …',
    ],
  ];

  // What the template says in its own words is another file's matter.
  const textLike = (text: string) => (text.endsWith('…') ? expect.stringContaining(text.slice(0, -1)) : text);

  test.each(CASES)('%j', async (args, message, hint) => {
    const cwd = await makeFolder();
    const result = await runCli(['template', ...args, '--out', 'a.yaml'], { cwd });
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(errorOf(result)).toEqual({ code: 'USAGE', message: textLike(message), hint: textLike(hint) });
    await expect(stat(join(cwd, 'a.yaml'))).rejects.toThrow('ENOENT');
  });

  test('no variable stands for a flag', async () => {
    const env = { DEPLOY_MARKER_PARAM: 'RetentionDays=731', DEPLOY_MARKER_OUT: 'a.yaml' };
    expect(await runCli(['template', 'logs'], { env })).toMatchObject({ stdout: await readSource('logs') });
  });
});

test('--help lists all, each with what it makes', async () => {
  const { code, stdout } = await runCli(['template', '--help']);
  expect(code).toBe(0);
  const list = /^Templates:\n([\s\S]*?)\n\n/m.exec(stdout)?.[1] ?? '';
  const shown = [...list.matchAll(/^ {2}(\S+) +(.*(?:\n {4}.*)*)/gm)].map(([, id = '', text = '']) => [
    id,
    text.replace(/\s+/g, ' '),
  ]);
  const expected = TEMPLATE_NAMES.map(async id => {
    const summary: string = parse(await readSource(id), { logLevel: 'silent' }).Description;
    return [id, `${summary.replace(/^deploy-marker: /, '').replace(/^./, letter => letter.toUpperCase())}.`];
  });
  expect(shown).toEqual(await Promise.all(expected));
});
