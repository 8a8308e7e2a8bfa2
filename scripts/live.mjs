// Proof on a live account: makes what costs nothing to keep, goes the way of a deploy, asks what no document answers, and removes all it
// made. See live/README.md.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { ask, describe, toTable } from './live/answer.mjs';
import { openClients } from './live/clients.mjs';
import { namesOf, newRun, PREFIX, runOf, TAG } from './live/names.mjs';
import { ATHENA_QUESTIONS } from './live/questions/athena.mjs';
import { HISTORY_QUESTIONS } from './live/questions/history.mjs';
import { LAKE_QUESTIONS, LATE_LAKE_QUESTIONS } from './live/questions/lake.mjs';
import { LOGS_QUESTIONS } from './live/questions/logs.mjs';
import { S3_QUESTIONS } from './live/questions/s3.mjs';
import { STS_QUESTIONS } from './live/questions/sts.mjs';
import { findThings, Ledger } from './live/things.mjs';
import { emitAll, makeAll, traceAll } from './live/walk.mjs';

const USAGE = `usage: npm run live -- --region REGION [--yes] [--wait MINUTES] [--channel-arn ARN]
       npm run live -- --region REGION --clean [--yes]

--yes          do not ask first
--wait         how long event history and Lake are waited for (default 20)
--channel-arn  a channel of CloudTrail Lake to write to, which keeps what it gets; without it one is made and removed
--clean        remove what earlier runs left in this Region, and do nothing else

The table comes on stdout, all else on stderr. Exit codes: 0 done, 1 something failed or is left, 2 usage, 3 no identity, 6 cancelled.
`;

/** Signals so close to each other are one Ctrl-C. */
const SAME_MS = 500;

/** Ends a run with words for people. */
class Stop extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

const say = text => process.stderr.write(`${text}\n`);

function readArguments() {
  const text = { type: 'string' };
  const flag = { type: 'boolean', default: false };
  const wait = { ...text, default: '20' };
  try {
    const options = { region: text, yes: flag, wait, 'channel-arn': text, clean: flag, help: flag };
    const { values } = parseArgs({ options });
    if (!values.help && !/^[a-z]{2}(-[a-z]+)+-\d$/.test(values.region ?? ''))
      throw new Error('--region needs a Region');
    if (!/^\d{1,4}(\.\d+)?$/.test(values.wait)) throw new Error('--wait needs a number of minutes');
    const channel = values['channel-arn'];
    const isHere =
      channel === undefined ||
      /^arn:[^:]+:cloudtrail:([^:]+):\d{12}:channel\/./.exec(channel)?.[1] === values.region;
    if (!isHere) throw new Error('--channel-arn needs the ARN of a channel in that Region');
    return values;
  } catch (error) {
    throw new Stop(2, `${error.message}\n\n${USAGE}`);
  }
}

/** Whoever calls. Everybody may ask STS that. */
async function identify({ sts }) {
  try {
    const { Account: account, Arn: arn } = await sts.send(new GetCallerIdentityCommand({}));
    return { account, arn, partition: arn.split(':')[1] };
  } catch (error) {
    throw new Stop(3, `who calls is not known: ${describe(error)}`);
  }
}

/** Shows a plan and asks a person, unless that was said to be needless. */
async function confirm(plan, { yes }, controller) {
  say(plan);
  if (yes) return;
  if (!process.stdin.isTTY) throw new Stop(2, 'nobody is there to ask: pass --yes to go on');
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  const giveUp = () => controller.abort();
  prompt.on('SIGINT', giveUp).on('close', giveUp);
  const said = await prompt.question('\nType yes to go on: ', { signal: controller.signal }).catch(() => '');
  prompt.off('close', giveUp).close();
  if (said.trim() !== 'yes') throw new Stop(6, 'nothing was done');
}

function planOf({ names, account, arn, region, channelArn, waitMs }) {
  const lake =
    channelArn === undefined
      ? 'a store and a channel of CloudTrail Lake, if the account may have them'
      : `nothing in Lake, but about 25 events, one of them of 100 kB, go into ${channelArn}, WHERE THEY STAY`;
  return `
account   ${account}, as ${arn}
Region    ${region}
makes     stacks of the templates markers-bucket, logs, circleci-role, marker-role and audit-role, and of a probe: a bucket without
          Object Lock, a log group, four roles, a policy, the OIDC provider of an organization that is not there, and a function
          that nobody invokes
          ${lake}
named     ${PREFIX}${names.run}-..., with the tag ${TAG}=${names.run}
takes     up to ${Math.ceil(waitMs / 60_000) + 10} minutes, most of them for event history
costs     less than a cent, for requests and some kB
removes   all of it at the end, after an error and after Ctrl-C, too
`;
}

const EARLY = [...STS_QUESTIONS, ...S3_QUESTIONS, ...ATHENA_QUESTIONS, ...LAKE_QUESTIONS];
// Those of Logs come last: they try to delete what the others need.
const LATE = [...HISTORY_QUESTIONS, ...LATE_LAKE_QUESTIONS, ...LOGS_QUESTIONS];

/** Goes the whole way, and leaves the answers in `scene.answers`, by question. */
async function walk(scene) {
  const askAll = async questions => {
    for (const question of questions) {
      scene.signal.throwIfAborted();
      const result = await ask(question, scene);
      scene.answers.set(question, result);
      say(`${result.kind.padEnd(14)}${question.about}`);
    }
  };
  await makeAll(scene);
  await emitAll(scene);
  await askAll(EARLY);
  await traceAll(scene);
  await askAll(LATE);
}

const byHand = (ledger, region) =>
  `left:\n${ledger.left.map(({ kind, name }) => `  ${kind} ${name}\n`).join('')}it is removed by: npm run live -- --clean --region ${region}`;

async function removeAll(ledger, aws) {
  say('\nremoving what was made');
  await ledger.removeAll(aws, say);
  say(ledger.left.length === 0 ? 'all of it is removed' : byHand(ledger, aws.region));
}

/** What a run has before it begins: what is there, uids of markers by sink, how steps went, answers. */
const emptyHanded = () => ({ has: {}, uids: {}, steps: [], answers: new Map() });

/** @returns the exit code */
async function live(values, { aws, ledger, controller }) {
  const { signal } = controller;
  const waitMs = Number(values.wait) * 60_000;
  const caller = await identify(aws);
  const given = { aws, ledger, say, signal, waitMs, region: aws.region, channelArn: values['channel-arn'] };
  const scene = { ...caller, ...given, names: namesOf(newRun()), ...emptyHanded() };
  await confirm(planOf(scene), values, controller);
  scene.started = Date.now();
  scene.folder = await mkdtemp(join(tmpdir(), PREFIX));
  try {
    await walk(scene);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    if (scene.answers.size > 0) process.stdout.write(`${toTable([...EARLY, ...LATE], scene.answers)}\n`);
    await removeAll(ledger, aws);
    await rm(scene.folder, { recursive: true, force: true });
  }
  if (signal.aborted) return 6;
  const bad = scene.steps.filter(({ kind }) => kind === 'failed' || kind === 'denied');
  if (bad.length > 0) say(`failed or denied: ${bad.map(({ what }) => what).join(', ')}`);
  return bad.length > 0 || ledger.left.length > 0 ? 1 : 0;
}

/** Removes what runs left that were killed. @returns the exit code */
async function clean(values, { aws, ledger, controller }) {
  const { account } = await identify(aws);
  const { things, unknown } = await findThings(aws, name => runOf(name) !== undefined);
  for (const each of unknown) say(`not looked for: ${each}`);
  ledger.add(...things);
  const list = things.map(({ kind, name }) => `  ${kind} ${name}`).join('\n');
  if (things.length > 0)
    await confirm(`account ${account}, ${values.region}: removes\n${list}`, values, controller);
  if (things.length > 0) await removeAll(ledger, aws);
  else say(`nothing of ours was found${unknown.length > 0 ? ' among the rest' : ''}`);
  return unknown.length > 0 || ledger.left.length > 0 ? 1 : 0;
}

async function main() {
  const controller = new AbortController();
  const ledger = new Ledger();
  // Nobody reads any more, or the terminal is gone: what was made is removed all the same.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => controller.abort());
  try {
    const values = readArguments();
    if (values.help) {
      process.stdout.write(USAGE);
      return 0;
    }
    let first;
    const stop = signal => {
      const now = Date.now();
      first ??= now;
      controller.abort();
      if (first === now) say(`\n${signal}: what was made is removed; once more leaves it where it is`);
      // npm passes on what the terminal has already sent.
      if (now - first < SAME_MS) return;
      say(ledger.left.length === 0 ? 'nothing is left' : byHand(ledger, values.region));
      process.exit(6);
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);
    const aws = await openClients(values.region, say);
    return await (values.clean ? clean : live)(values, { aws, ledger, controller });
  } catch (error) {
    say(error instanceof Stop ? error.message : error.stack);
    return error instanceof Stop ? error.code : 1;
  }
}

process.exitCode = await main();
