// How long whole processes take that do little: by the processor's time, which a busy machine blurs least, and by the clock.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const here = name => fileURLToPath(new URL(name, import.meta.url));
const median = numbers => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

const CHANNEL = 'arn:aws:cloudtrail:eu-west-1:123456789012:channel/bench';
const COMMIT = ['--env', 'prod', '--git-sha', 'a1b2c3d4e5'];
const ROLE = ['--role-arn', 'arn:aws:iam::123456789012:role/deploy', '--session-name', 'bench'];
/**
 * Bash tells what the kernel counted for its children and all that they waited for: seconds of the clock, of the programs, of the system.
 * It cuts each to whole milliseconds, of which a start has few, and so several starts are timed as one.
 */
const AT_ONCE = 5;
const TIMED = `TIMEFORMAT="%3R %3U %3S"; { time for i in {1..${AT_ONCE}}; do "$@" 2>&4 >/dev/null || exit; done; } 4>&2 2>&3`;

/** Milliseconds by the clock and of the processor that one start takes. */
function timeStarts(command, { env, cwd }) {
  const { status, output } = spawnSync('bash', ['-c', TIMED, 'bash', ...command], {
    env,
    cwd,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${command.join(' ')} ended with ${status}: ${output[2]}`);
  const [wall, user, system] = output[3].split(' ').map(Number);
  const each = 1000 / AT_ONCE;
  return { wall: wall * each, cpu: (user + system) * each };
}

/** What several commands took each time, run in turn; the first round only warms the disk's cache. */
function timeInTurn(commands, rounds, place) {
  const runs = new Map(Object.keys(commands).map(name => [name, []]));
  for (let i = 0; i <= rounds; i += 1) {
    for (const [name, command] of Object.entries(commands)) {
      const run = timeStarts(command, place);
      if (i > 0) runs.get(name).push(run);
    }
  }
  return Object.fromEntries(runs);
}

function findAwsCli() {
  const command = process.env.DEPLOY_MARKER_AWS_CLI || 'aws';
  const { error, stdout } = spawnSync(command, ['--version'], { encoding: 'utf8' });
  const [, minor] = /aws-cli\/\d+\.(\d+)/.exec(stdout ?? '') ?? [];
  if (error !== undefined || Number(minor) < 45) return undefined;
  const events = JSON.stringify([{ id: 'a', eventData: '{}' }]);
  const call = ['cloudtrail-data', 'put-audit-events', '--channel-arn', CHANNEL, '--audit-events', events];
  return [command, '--region', 'eu-west-1', ...call];
}

/** Medians of two commands, and of their ratios round by round: a machine that is slower for a while is so for both of a round. */
function toRow(what, [some, floor], must, rounds) {
  const ratio = key => `${median(some.map((run, round) => run[key] / floor[round][key])).toFixed(2)} x`;
  const both = key => [some, floor].map(runs => median(runs.map(run => run[key])).toFixed(0)).join(' / ');
  return [
    what,
    `${ratio('cpu')} of CPU, ${ratio('wall')} by the clock`,
    must,
    `${both('cpu')} ms of CPU, ${both('wall')} ms by the clock, ${rounds} times ${AT_ONCE} runs`,
  ];
}

/** Rows of one version of Node. */
function rowsOf(node, { cli, rounds, place }) {
  const version = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim();
  const run = (...args) => [node, cli, ...args];
  const times = timeInTurn(
    {
      empty: [node, here('empty.cjs')],
      name: run('session-name', ...COMMIT),
      doctor: run('doctor', ...COMMIT),
      post: [node, here('one-post.cjs'), place.env.AWS_ENDPOINT_URL_CLOUDTRAIL_DATA],
      emit: run('emit', ...COMMIT, '--component', 'lambda:bench', '--channel-arn', CHANNEL),
      assume: run('assume-role', ...ROLE, '--output', 'json'),
    },
    rounds,
    place,
  );
  const row = (what, pair, must) => toRow(`${what}, Node ${version}`, pair, must, rounds);
  return [
    row('session-name / empty node', [times.name, times.empty], '<= 1.3 x, aim 1.2 x'),
    row('emit / node with one POST', [times.emit, times.post], '<= 1.75 x, aim 1.6 x'),
    row('assume-role / node with one POST', [times.assume, times.post], '<= 2.2 x, aim 1.9 x'),
    row('doctor / empty node', [times.doctor, times.empty], '<= 1.8 x, aim 1.5 x'),
  ];
}

/**
 * Rows of the table: each version of Node that is asked for, and the AWS CLI beside the first.
 *
 * @param place environment and folder of the processes; its STS endpoint gives credentials for any token
 */
export function startUpRows(options) {
  const { nodes, cli, rounds, place } = options;
  const rows = nodes.flatMap(node => rowsOf(node, options));
  const awsCli = findAwsCli();
  const what = 'AWS CLI put-audit-events / emit';
  const must = '>= 5 x, aim 6 x';
  if (awsCli === undefined) return [...rows, [what, 'not measured: no AWS CLI 1.45 or newer', must, '']];
  const emit = [nodes[0], cli, 'emit', ...COMMIT, '--component', 'lambda:bench', '--channel-arn', CHANNEL];
  const times = timeInTurn({ awsCli, emit }, Math.min(rounds, 10), place);
  return [...rows, toRow(what, [times.awsCli, times.emit], must, Math.min(rounds, 10))];
}
