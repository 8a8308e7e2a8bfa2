import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contentProblems } from '../../scripts/release/tarball-contents.mjs';
import { TEMPLATE_NAMES } from '../../src/core/template/names.ts';
import { startAwsServer } from '../fakes/aws-server.ts';
import { mintToken } from '../fakes/oidc-token.ts';
import { readDocExamples, toProgram } from './doc-examples.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const bin = (name: string): string => join(ROOT, 'node_modules/.bin', name);

/** What npm says of a tarball. */
interface PackedTarball {
  readonly name: string;
  readonly filename: string;
  readonly size: number;
  readonly files: { readonly path: string; readonly mode: number }[];
}

// The tarball that users get, installed by hand into a project of theirs.
let consumer: string;
let tarball: string;
let packed: PackedTarball;
let files: string[];

beforeAll(async () => {
  consumer = await mkdtemp(join(tmpdir(), 'deploy-marker-consumer-'));
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', consumer];
  const { stdout } = await run('npm', args, { cwd: ROOT });
  [packed] = JSON.parse(stdout);
  tarball = join(consumer, packed.filename);
  files = packed.files.map(({ path }) => path);
  const home = join(consumer, 'node_modules/deploy-marker');
  await mkdir(home, { recursive: true });
  await run('tar', ['-xzf', tarball, '-C', home, '--strip-components=1']);
  await writeFile(join(consumer, 'package.json'), '{"type":"module"}');
}, 60_000);

afterAll(() => rm(consumer, { recursive: true, force: true }));

describe('what it holds', () => {
  const problemsOf = (change: Partial<PackedTarball>, name = 'deploy-marker'): string[] =>
    contentProblems({ ...packed, ...change }, name);
  const without = (path: string) => packed.files.filter(file => file.path !== path);

  test('is what is meant and nothing else, and not too much', () => {
    expect(problemsOf({})).toEqual([]);
  });

  test.each([
    'src/main.ts',
    'dist/orb.yml',
    'dist/deploy-marker-0.1.0.tgz',
    'dist/cli.cjs.map',
    '.npmrc',
    'dist/types/a.ts',
  ])('would be too much with %s', path => {
    expect(problemsOf({ files: [...packed.files, { path, mode: 0o644 }] })).toEqual([
      `${path} is not meant to be in it`,
    ]);
  });

  test('lacks nothing, can be run, has the name and the size', () => {
    expect(problemsOf({ files: without('LICENSE') })).toEqual(['LICENSE is missing']);
    expect(
      problemsOf({ files: [...without('dist/cli.cjs'), { path: 'dist/cli.cjs', mode: 0o644 }] }),
    ).toEqual(['dist/cli.cjs cannot be run']);
    expect(problemsOf({}, 'other')).toEqual(['the package is called deploy-marker, not other']);
    expect(problemsOf({ size: 700_001 })).toEqual(['it has 700001 bytes, over 700000']);
  });
});

test('has nothing to install behind it, and runs nothing when it is installed', async () => {
  const manifest = JSON.parse(
    await readFile(join(consumer, 'node_modules/deploy-marker/package.json'), 'utf8'),
  );
  expect(manifest).not.toHaveProperty('dependencies');
  expect(manifest).not.toHaveProperty('optionalDependencies');
  for (const script of ['preinstall', 'install', 'postinstall', 'prepare']) {
    expect(manifest.scripts).not.toHaveProperty(script);
  }
});

test('has the licence text of every bundled package', async () => {
  const text = await readFile(join(consumer, 'node_modules/deploy-marker/THIRD-PARTY-LICENSES.txt'), 'utf8');
  for (const name of [
    'yargs-parser',
    'zod',
    '@aws-sdk/client-sts',
    '@smithy/core',
    'https-proxy-agent',
    'jsonc-parser',
  ]) {
    expect(text).toMatch(new RegExp(`^${name.replaceAll('/', '\\/')} \\d`, 'm'));
  }
});

test('runs as a command', async () => {
  const cli = join(consumer, 'node_modules/deploy-marker/dist/cli.cjs');
  const { stdout, stderr } = await run(cli, ['session-name', '--check', 'ci-prod-a1b2c3d'], {
    cwd: tmpdir(),
  });
  expect({ stdout, stderr }).toEqual({ stdout: 'ci-prod-a1b2c3d\n', stderr: '' });
});

test('has every template, found by its name and read by the library', async () => {
  await writeFile(
    join(consumer, 'templates.js'),
    `import { readFileSync } from 'node:fs';
    import { createRequire } from 'node:module';
    import { fileURLToPath } from 'node:url';
    import { readTemplate, TEMPLATE_NAMES } from 'deploy-marker';
    const require = createRequire(import.meta.url);
    for (const name of TEMPLATE_NAMES) {
      const path = fileURLToPath(import.meta.resolve('deploy-marker/templates/' + name + '.yaml'));
      const isOne = path === require.resolve('deploy-marker/templates/' + name + '.yaml');
      console.log(name, isOne, readFileSync(path, 'utf8') === (await readTemplate(name)));
    }
    const filled = await readTemplate('logs', { RetentionDays: '731' });
    console.log(filled.includes("Default: '731'"));`,
  );
  const { stdout } = await run(process.execPath, ['templates.js'], { cwd: consumer });
  expect(stdout).toBe(`${TEMPLATE_NAMES.map(name => `${name} true true\n`).join('')}true\n`);
  const shipped = files.filter(path => path.startsWith('dist/templates/'));
  expect(shipped.sort()).toEqual(TEMPLATE_NAMES.map(name => `dist/templates/${name}.yaml`).sort());
});

test('says so if a template was lost', async () => {
  const home = join(consumer, 'node_modules/deploy-marker/dist');
  await rename(join(home, 'templates'), join(home, 'elsewhere'));
  const lost = run(join(home, 'cli.cjs'), ['template', 'logs'], { cwd: tmpdir() });
  await expect(lost).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('INPUT_UNREADABLE') });
  await rename(join(home, 'elsewhere'), join(home, 'templates'));
});

test('publint finds nothing', async () => {
  const { stdout } = await run(bin('publint'), ['run', tarball, '--strict', '--level', 'suggestion'], {
    cwd: consumer,
  });
  expect(stdout).toContain('All good!');
});

test('are-the-types-wrong finds nothing', async () => {
  const { stdout } = await run(bin('attw'), [tarball, '--profile', 'esm-only', '--format', 'ascii'], {
    cwd: consumer,
  });
  // It ends with another code than 0 if it finds any; this says that it looked.
  expect(stdout).toContain('node16 (from ESM): 🟢 (ESM)');
});

describe('the library', () => {
  /** The one example of a document. */
  async function exampleOf(document: string): Promise<string> {
    const text = await readFile(join(ROOT, document), 'utf8');
    const examples = [...text.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, example = '']) => example);
    expect(examples).toHaveLength(1);
    return examples.join('');
  }

  test('the example of a preview runs', async () => {
    await writeFile(join(consumer, 'example.js'), await exampleOf('src/README.md'));
    const { stdout } = await run(process.execPath, ['example.js'], { cwd: consumer });
    expect(stdout).toContain('POST https://cloudtrail-data.eu-west-1.amazonaws.com/PutAuditEvents');
  });

  test.each(['nodenext', 'bundler'])('types hold for a consumer under %s', async moduleResolution => {
    await writeFile(join(consumer, 'example.ts'), await exampleOf('src/README.md'));
    const module = moduleResolution === 'bundler' ? 'esnext' : 'nodenext';
    const settings = [
      '--strict',
      '--noEmit',
      '--skipLibCheck',
      'false',
      '--target',
      'es2022',
      '--lib',
      'es2023,dom',
    ];
    const args = [
      ...settings,
      '--types',
      '',
      '--module',
      module,
      '--moduleResolution',
      moduleResolution,
      'example.ts',
    ];
    await run(bin('tsc'), args, { cwd: consumer });
  });

  test("README's example of a deploy and its changes holds as TypeScript, and runs", async () => {
    const server = await startAwsServer({ logGroups: ['/deploys'] });
    const example = (await exampleOf('README.md')).replace(
      'arn:aws:iam::123456789012:role/deploy',
      server.state.defaultRoleArn,
    );
    await writeFile(join(consumer, 'deploy.ts'), example);
    const args = ['--strict', '--target', 'es2022', '--lib', 'es2023,dom', '--types', ''];
    await run(bin('tsc'), [...args, '--module', 'nodenext', 'deploy.ts'], { cwd: consumer });
    const records = [
      {
        eventVersion: '1.11',
        eventID: '00000000-0000-4000-8000-000000000001',
        eventTime: '2025-12-14T08:00:00Z',
        eventSource: 'lambda.amazonaws.com',
        eventName: 'UpdateFunctionConfiguration20150331v2',
        userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/bob', userName: 'bob' },
        requestParameters: { functionName: 'resize-image' },
        readOnly: false,
        recipientAccountId: '111122223333',
        awsRegion: 'eu-west-1',
      },
    ];
    const call = `import { recordDeploy } from './deploy.js';
console.log(JSON.stringify(await recordDeploy(process.env.TOKEN, ${JSON.stringify(records)})));`;
    await writeFile(join(consumer, 'call.js'), call);
    const env = { PATH: process.env['PATH'], ...server.env(), TOKEN: mintToken() };
    // Only those of the role are accepted by anything.
    Object.assign(env, { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'example-key' });
    const { stdout } = await run(process.execPath, ['call.js'], { cwd: consumer, env });
    const asked = server.requests.map(({ operation }) => operation);
    await server.close();
    // The stream is not there yet.
    expect(asked).toEqual(['AssumeRoleWithWebIdentity', 'PutLogEvents', 'CreateLogStream', 'PutLogEvents']);
    expect(JSON.parse(stdout)).toMatchObject([{ component: 'lambda:resize-image' }]);
  });

  test('every example of a doc comment holds as TypeScript, and gives what it says', async () => {
    const examples = await readDocExamples();
    expect(examples.length).toBeGreaterThan(15);
    await writeFile(join(consumer, 'examples.ts'), toProgram(examples));
    await symlink(join(ROOT, 'node_modules/@types'), join(consumer, 'node_modules/@types'));
    const args = ['--strict', '--target', 'es2022', '--lib', 'es2023,dom', '--types', 'node'];
    await run(bin('tsc'), [...args, '--module', 'nodenext', 'examples.ts'], { cwd: consumer });
    const { stdout } = await run(process.execPath, ['examples.js'], { cwd: consumer });
    expect(Number(stdout)).toBeGreaterThan(5);
  });

  test('exports the published names', async () => {
    await writeFile(
      join(consumer, 'names.js'),
      "import * as it from 'deploy-marker'; console.log(Object.keys(it).sort().join());",
    );
    const { stdout } = await run(process.execPath, ['names.js'], { cwd: consumer });
    expect(stdout.trim().split(',')).toEqual([
      'DeliveryError',
      'DeployMarkerError',
      'TEMPLATE_NAMES',
      'assumeRole',
      'checkSessionName',
      'composeSessionName',
      'correlate',
      'createFileSink',
      'createLakeSink',
      'createLogsSink',
      'createMarker',
      'createRecordReader',
      'createS3Sink',
      'foldMarkers',
      'isDeployMarkerError',
      'planBatches',
      'readTemplate',
      'toAuditEvent',
      'toAuditEventEntry',
    ]);
  });

  test('declarations name no other package', async () => {
    const types = join(consumer, 'node_modules/deploy-marker/dist/types');
    for (const name of (await readdir(types, { recursive: true })).filter(each => each.endsWith('.d.ts'))) {
      const imports = [...(await readFile(join(types, name), 'utf8')).matchAll(/from '([^']+)'/g)];
      for (const [, target] of imports) expect(target, name).toMatch(/^\.\.?\//);
    }
  });
});
