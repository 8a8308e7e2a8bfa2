// Measures start-up, throughput, memory and size of what is published: `npm run bench`, or with --quick fewer runs.
//
// Times are ratios to a floor that is measured in the same run, turn by turn, so that a busy or slow machine moves both.
import { execFileSync, fork, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { auditRows } from './bench/audit.mjs';
import { orbRows } from './bench/orb.mjs';
import { measurePage } from './bench/page.mjs';

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
const deploy = ['--env', 'prod', '--component', 'lambda:bench', '--git-sha', 'a1b2c3d4e5'];

const median = numbers => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
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

function timeOnce([command, ...args], env) {
  const start = performance.now();
  const { status, stderr } = spawnSync(command, args, { env, cwd: folder });
  const time = performance.now() - start;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${stderr}`);
  return time;
}

/** Medians of several commands, run in turn; the first round only warms the disk's cache. */
function timeInTurn(commands, env) {
  const times = new Map(Object.keys(commands).map(name => [name, []]));
  for (let i = 0; i <= ROUNDS; i += 1) {
    for (const [name, command] of Object.entries(commands)) {
      const time = timeOnce(command, env);
      if (i > 0) times.get(name).push(time);
    }
  }
  return Object.fromEntries([...times].map(([name, list]) => [name, median(list)]));
}

function findAwsCli() {
  const command = process.env.DEPLOY_MARKER_AWS_CLI || 'aws';
  const { error, stdout } = spawnSync(command, ['--version'], { encoding: 'utf8' });
  const [, minor] = /aws-cli\/\d+\.(\d+)/.exec(stdout ?? '') ?? [];
  if (error !== undefined || Number(minor) < 45) return undefined;
  const events = JSON.stringify([{ id: 'a', eventData: '{}' }]);
  return [
    command,
    '--region',
    'eu-west-1',
    'cloudtrail-data',
    'put-audit-events',
    '--channel-arn',
    channel,
    '--audit-events',
    events,
  ];
}

function startUpRows(env) {
  const node = process.execPath;
  const awsCli = findAwsCli();
  const times = timeInTurn(
    {
      empty: [node, here('empty.cjs')],
      name: [node, cli, 'session-name', '--env', 'prod', '--git-sha', 'a1b2c3d4e5'],
      post: [node, here('one-post.cjs'), env.AWS_ENDPOINT_URL_CLOUDTRAIL_DATA],
      emit: [node, cli, 'emit', ...deploy, '--channel-arn', channel],
      ...(awsCli === undefined ? {} : { awsCli }),
    },
    env,
  );
  const awsRow =
    times.awsCli === undefined
      ? ['AWS CLI put-audit-events / emit', 'not measured: no AWS CLI 1.45 or newer', '>= 3 x', '']
      : [
          'AWS CLI put-audit-events / emit',
          `${round(times.awsCli / times.emit)} x`,
          '>= 3 x',
          `${round(times.awsCli)} ms`,
        ];
  return [
    [
      'session-name / empty node',
      `${round(times.name / times.empty)} x`,
      '<= 1.8 x, aim 1.3 x',
      `${round(times.name)} / ${round(times.empty)} ms`,
    ],
    [
      'emit / node with one POST',
      `${round(times.emit / times.post)} x`,
      '<= 2.0 x, aim 1.6 x',
      `${round(times.emit)} / ${round(times.post)} ms`,
    ],
    awsRow,
  ];
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
    const target = count === MOST_MARKERS ? '>= 10000 markers/s, memory flat' : '';
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
};
try {
  console.log(`node ${process.version}, medians of ${ROUNDS} runs in turn`);
  const orb = await orbRows({ root, rounds: quick ? 1 : 5, env: bareEnv });
  const audit = await auditRows({ root, counts: AUDITED, env: bareEnv });
  printTable([
    ...startUpRows(env),
    ...sizeRows(),
    ...orb,
    ...(await throughputRows(server, env)),
    ...audit,
    await pageRow(),
  ]);
} finally {
  server.stop();
  rmSync(folder, { recursive: true, force: true });
}
