import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { importTypeScript } from '../import-typescript.mjs';

const JOBS = 20;
/** CircleCI takes a compiled config up to 8 MB. https://support.circleci.com/hc/en-us/articles/360045043634 */
const MOST_COMPILED_MB = 8;

const median = numbers => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** The tests' compiler of orbs; the packed orb is where the tests find it. */
const COMPILER =
  "export * from './test/orb/compile-orb.ts'; export { readPackedOrb } from './test/orb/packed-orb.ts';";

async function serve(bytes) {
  const server = createServer((_request, response) => response.end(bytes));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${server.address().port}`, stop: () => server.close() };
}

/** Seconds that a step takes. */
async function timeStep({ command, environment }, env, folder) {
  const start = performance.now();
  const child = spawn('sh', ['-e', '-c', command], {
    env: { ...env, ...environment },
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`install ended with ${code}`);
  return (performance.now() - start) / 1000;
}

async function installRows(orb, compileSteps, { root, rounds, env }) {
  const [tarball] = readdirSync(join(root, 'dist')).filter(name => name.endsWith('.tgz'));
  const registry = await serve(readFileSync(join(root, 'dist', tarball)));
  const times = { cold: [], warm: [] };
  try {
    for (let i = 0; i < rounds; i += 1) {
      const folder = mkdtempSync(join(tmpdir(), 'deploy-marker-bench-install-'));
      const job = { ...env, HOME: folder, BASH_ENV: join(folder, 'bash_env') };
      const [step] = compileSteps(orb, [{ 'deploy-marker/install': { registry: registry.url } }]);
      for (const list of Object.values(times)) list.push(await timeStep(step, job, folder));
      rmSync(folder, { recursive: true });
    }
  } finally {
    registry.stop();
  }
  const show = seconds => `${median(seconds).toFixed(2)} s`;
  return [
    [
      'orb install, cold / warm',
      `${show(times.cold)} / ${show(times.warm)}`,
      '',
      'loopback registry, Node present',
    ],
  ];
}

function sizeRows(orb, compileJob, root) {
  const call = {
    env: 'prod',
    component: 'lambda:bench',
    role_arn: 'arn:aws:iam::123456789012:role/deploy',
    channel_arn: 'arn:aws:cloudtrail:eu-west-1:123456789012:channel/01234567-89ab-cdef-0123-456789abcdef',
    steps: [{ run: 'sam deploy' }],
  };
  const jobs = Array.from({ length: JOBS }, (_, index) => {
    const { executor, steps } = compileJob(orb, 'deploy-marker/deploy', call);
    return [`deploy-${index}`, { ...executor, steps: steps.map(step => ({ run: step })) }];
  });
  const text = stringify({ version: 2, jobs: Object.fromEntries(jobs) }, { aliasDuplicateObjects: false });
  const packed = readFileSync(join(root, 'dist/orb.yml')).length;
  return [
    ['packed orb', `${(packed / 1000).toFixed(1)} kB`, '', ''],
    [
      `config with deploy in ${JOBS} jobs, compiled`,
      `${(Buffer.byteLength(text) / 1e6).toFixed(2)} MB`,
      `<= ${MOST_COMPILED_MB} MB`,
      `${(Buffer.byteLength(text) / JOBS / 1000).toFixed(1)} kB a job`,
    ],
  ];
}

/** What the orb adds: seconds of `install`, and bytes. */
export async function orbRows(options) {
  const { compileSteps, compileJob, readPackedOrb } = await importTypeScript(
    COMPILER,
    'test/orb/compile-orb.ts',
  );
  const orb = await readPackedOrb();
  return [...(await installRows(orb, compileSteps, options)), ...sizeRows(orb, compileJob, options.root)];
}
