// How fast `audit` goes through CloudTrail logs, beside what people do without it: zcat and jq.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importTypeScript } from '../import-typescript.mjs';
import { bucketRow } from './bucket.mjs';

const RECORDS_PER_FILE = 5000;
/** Merely selects what `audit` takes for a change; no correlation, no report. */
const SELECT =
  '.Records[] | select(.eventSource == "lambda.amazonaws.com" and .readOnly == false and .errorCode == null)';
const usage = fileURLToPath(new URL('usage.cjs', import.meta.url));

async function makeTrail(generator, folder, count) {
  const { markers, records, from, until, expected } = generator.manyRecords({ seed: 1, count });
  const trail = join(folder, 'trail');
  mkdirSync(trail, { recursive: true });
  const { files, records: total } = await generator.writeTrailLogs({
    folder: trail,
    records: records(),
    perFile: RECORDS_PER_FILE,
  });
  writeFileSync(join(folder, 'markers.jsonl'), markers.map(marker => `${JSON.stringify(marker)}\n`).join(''));
  return { files, total, from, until, expected };
}

/**
 * Runs `audit`, and holds its answer against what the generator knows, which is of Lambda and CloudFormation.
 *
 * @param services those whose changes count, where it is not these two
 */
async function timeAudit({ root, folder, env }, { from, until, expected }, services) {
  const file = join(folder, 'report.json');
  const out = openSync(file, 'w');
  const args = ['--require', usage, join(root, 'dist/cli.cjs'), 'audit', '--json', '--fail-on', 'none'];
  const range = ['--since', new Date(from).toISOString(), '--until', new Date(until).toISOString()];
  const chosen = services === undefined ? [] : ['--services', services];
  const start = performance.now();
  const child = spawn(
    process.execPath,
    [...args, '--markers', 'markers.jsonl', '--changes', 'trail', ...range, ...chosen],
    {
      env,
      cwd: folder,
      stdio: ['ignore', out, 'inherit', 'pipe'],
    },
  );
  let told = '';
  child.stdio[3].on('data', chunk => {
    told += chunk;
  });
  const [code] = await once(child, 'close');
  const seconds = (performance.now() - start) / 1000;
  closeSync(out);
  if (code !== 0) throw new Error(`audit ended with ${code}`);
  const found = spawnSync('jq', ['-c', '.totals'], {
    stdio: [openSync(file), 'pipe', 'inherit'],
    encoding: 'utf8',
  });
  const { changes, standings } = JSON.parse(found.stdout);
  const { maxRSS, cpu } = JSON.parse(told);
  const taken = { seconds, cpu: cpu / 1e6, megabytes: maxRSS / 1000 };
  if (services !== undefined) return taken;
  const explained = expected.session + expected.stack;
  if (standings.explained !== explained || changes !== explained + expected.unexplained) {
    throw new Error(`audit explains ${standings.explained} of ${changes} changes, and not ${explained}`);
  }
  return taken;
}

function timeJq(folder, files) {
  const list = join(folder, 'files');
  writeFileSync(list, files.map(file => `${file}\n`).join(''));
  const pipe = `TIMEFORMAT='%R %U %S'; time xargs zcat < "$1" | jq -c "$2" > /dev/null`;
  const { status, stderr } = spawnSync('bash', ['-o', 'pipefail', '-c', pipe, 'bash', list, SELECT], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`zcat | jq ended with ${status}: ${stderr}`);
  const [seconds, user, system] = stderr.trim().split(' ').map(Number);
  return { seconds, cpu: user + system };
}

/**
 * Rows of the table: `audit` over so many changes each, and jq over the most of them.
 *
 * @param counts numbers of changes, the smallest first
 */
export async function auditRows({ root, counts, env }) {
  if (spawnSync('jq', ['--version']).status !== 0) {
    return [['audit of gzipped trail logs / zcat | jq', 'not measured: no jq', '>= 4.5 x faster', '']];
  }
  const generator = await importTypeScript(
    "export * from './test/trail-world/many-records.ts'; export * from './test/trail-world/trail-logs.ts';",
  );
  const rows = [];
  let first;
  for (const count of counts) {
    const folder = mkdtempSync(join(tmpdir(), 'deploy-marker-audit-'));
    try {
      const trail = await makeTrail(generator, folder, count);
      const { seconds, cpu, megabytes } = await timeAudit({ root, folder, env }, trail);
      first ??= { count, seconds };
      const growth =
        count === first.count ? '' : `, ${(seconds / first.seconds).toFixed(1)} x the time of ${first.count}`;
      rows.push([
        `audit, ${count} changes, 1000 markers`,
        `${Math.round(trail.total / seconds)} records/s, peak ${Math.round(megabytes)} MB`,
        '< 300 MB, time linear',
        `${seconds.toFixed(1)} s${growth}`,
      ]);
      if (count !== counts.at(-1)) continue;
      rows.push(await bucketRow({ root, folder, env }, trail, count));
      const all = await timeAudit({ root, folder, env }, trail, 'all');
      rows.push([
        'audit --services all / audit, same logs',
        `${(all.seconds / seconds).toFixed(2)} x`,
        '<= 1.5 x',
        `${all.seconds.toFixed(1)} / ${seconds.toFixed(1)} s`,
      ]);
      const jq = timeJq(folder, trail.files);
      rows.push([
        'zcat | jq selecting / audit, same logs',
        `${(jq.seconds / seconds).toFixed(2)} x, by processor time ${(jq.cpu / cpu).toFixed(2)} x`,
        '>= 4.5 x, aim 6 x',
        `${jq.seconds.toFixed(1)} / ${seconds.toFixed(1)} s, ${jq.cpu.toFixed(1)} / ${cpu.toFixed(1)} s`,
      ]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return rows;
}
