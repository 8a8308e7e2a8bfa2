// Measures start-up, throughput, memory and size of what is published: `npm run bench`, or with --quick fewer runs.
//
// Times are ratios to a floor that is measured in the same run, turn by turn, so that a busy or slow machine moves both. Further versions
// of Node are measured too if DEPLOY_MARKER_NODES has their binaries, separated by colons; with --start nothing but start-up is, with
// --audit nothing but audit.
import { execFileSync, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { auditRows } from './bench/audit.mjs';
import { orbRows } from './bench/orb.mjs';
import { measurePage } from './bench/page.mjs';
import { startUpRows } from './bench/start.mjs';

const quick = process.argv.includes('--quick');
const ROUNDS = quick ? 5 : 30;
const MOST_MARKERS = quick ? 10_000 : 100_000;
const AUDITED = quick ? [1000, 10_000] : [10_000, 100_000, 1_000_000];
const RATE = 50;
const root = fileURLToPath(new URL('..', import.meta.url));
const here = name => fileURLToPath(new URL(`bench/${name}`, import.meta.url));
const cli = join(root, 'dist/cli.cjs');
const folder = mkdtempSync(join(tmpdir(), 'deploy-marker-bench-'));

// The caller's variables stay out: NODE_OPTIONS or NODE_EXTRA_CA_CERTS alone would move the floor by half.
const bareEnv = { PATH: process.env.PATH, HOME: folder };
const channel = 'arn:aws:cloudtrail:eu-west-1:123456789012:channel/bench';

const round = (number, digits = 2) => Number(number.toFixed(digits));

async function startServer() {
  const child = fork(here('server.mjs'), { env: bareEnv });
  const [{ url }] = await once(child, 'message');
  const ask = async question => {
    child.send(question);
    return (await once(child, 'message'))[0];
  };
  return { url, ask, stop: () => child.disconnect() };
}

function sizeRows() {
  const [{ filename, size }] = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  );
  const { dependencies = {} } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const bytes = size ?? statSync(join(folder, filename)).size;
  return [
    [
      'published tarball',
      `${round(bytes / 1000, 1)} kB`,
      '<= 700 kB, aim 450 kB',
      `${Object.keys(dependencies).length} packages behind it`,
    ],
  ];
}

async function writeMarkers(count) {
  const file = join(folder, `${count}.jsonl`);
  const stream = createWriteStream(file);
  for (let i = 0; i < count; i += 1) {
    const marker = {
      component: `lambda:function-${i}`,
      target_version: String(i),
      labels: { team: 'billing' },
    };
    if (!stream.write(`${JSON.stringify(marker)}\n`)) await once(stream, 'drain');
  }
  stream.end();
  await finished(stream);
  return file;
}

/** Runs `emit --from` and reads its peak memory, which only the process itself knows. */
async function emitFile(file, rate, env) {
  const args = [
    '--require',
    here('peak-memory.cjs'),
    cli,
    'emit',
    '--env',
    'prod',
    '--git-sha',
    'a1b2c3d4e5',
  ];
  const rest = ['--from', file, '--channel-arn', channel, '--max-rate', rate, '--timeout', '10m'];
  const start = performance.now();
  const child = spawn(process.execPath, [...args, ...rest], {
    env,
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
  });
  let memory = '';
  child.stdio[3].on('data', chunk => {
    memory += chunk;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`emit --from ended with ${code}`);
  return { seconds: (performance.now() - start) / 1000, megabytes: Number(memory) / 1000 };
}

async function throughputRows(server, env) {
  const rows = [];
  for (const count of [1000, 10_000, 100_000].filter(each => each <= MOST_MARKERS)) {
    const file = await writeMarkers(count);
    await server.ask('reset');
    const { seconds, megabytes } = await emitFile(file, 'off', env);
    const { markers } = await server.ask('count');
    if (markers !== count) throw new Error(`the server has ${markers} of ${count} markers`);
    const target = count === MOST_MARKERS ? '>= 10000 markers/s, < 130 MB' : '';
    rows.push([
      `emit --from, ${count} markers`,
      `${Math.round(count / seconds)} markers/s`,
      target,
      `peak ${round(megabytes, 0)} MB`,
    ]);
  }
  const count = quick ? 5000 : 30_000;
  await server.ask('reset');
  await emitFile(await writeMarkers(count), String(RATE), env);
  const { requests, milliseconds } = await server.ask('count');
  const rate = ((requests - 1) / milliseconds) * 1000;
  rows.push([
    `emit --from --max-rate ${RATE}`,
    `${round((rate / RATE) * 100, 1)} % of the rate`,
    '>= 95 %',
    `${round(rate, 1)} requests/s`,
  ]);
  return rows;
}

async function pageRow() {
  const time = await measurePage();
  const measured = time === undefined ? 'not measured: no Chromium' : `${round(time, 0)} ms`;
  return ['the page of 5000 changes opens in Chromium', measured, '< 2000 ms', ''];
}

const measureAudit = () => auditRows({ root, counts: AUDITED, env: bareEnv });

async function otherRows(server, env) {
  const orb = await orbRows({ root, rounds: quick ? 1 : 5, env: bareEnv });
  return [
    ...sizeRows(),
    ...orb,
    ...(await throughputRows(server, env)),
    ...(await measureAudit()),
    await pageRow(),
  ];
}

function printTable(rows) {
  const table = [['what', 'measured', 'must', 'behind it'], ...rows];
  const widths = table[0].map((_, column) => Math.max(...table.map(row => row[column].length)));
  for (const row of table)
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    );
}

const server = await startServer();
const env = {
  ...bareEnv,
  AWS_ENDPOINT_URL_CLOUDTRAIL_DATA: server.url,
  AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  AWS_REGION: 'eu-west-1',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_ENDPOINT_URL_STS: server.url,
  DEPLOY_MARKER_ID_TOKEN: ['{"alg":"none"}', '{"iss":"bench","exp":4102444800}', '']
    .map(part => Buffer.from(part).toString('base64url'))
    .join('.'),
};
const nodes = [process.execPath, ...(process.env.DEPLOY_MARKER_NODES ?? '').split(':').filter(Boolean)];
try {
  console.log(`node ${process.version}, medians of ${ROUNDS} runs in turn`);
  if (process.argv.includes('--audit')) {
    printTable(await measureAudit());
  } else {
    const start = startUpRows({ nodes, cli, rounds: ROUNDS, place: { env, cwd: folder } });
    const rest = process.argv.includes('--start') ? [] : await otherRows(server, env);
    printTable([...start, ...rest]);
  }
} finally {
  server.stop();
  rmSync(folder, { recursive: true, force: true });
}
