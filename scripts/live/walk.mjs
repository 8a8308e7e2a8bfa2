// The way of a deploy, step by step, as a user would go it; a step that fails is told, and the next ones do without it.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { describe, isDenial } from './answer.mjs';
import { complaintOf, runCommand } from './command-line.mjs';
import { makeLake, storeBehind } from './lake.mjs';
import { waitForChange } from './questions/history.mjs';
import { changeProbe, deployStack, stacksOf } from './stacks.mjs';

/** A role that was just made may be refused for some seconds; what was just written may not be found. */
const SOON = { limitMs: 60_000, pauseMs: 3000 };
const LATE_PAUSE_MS = 20_000;
/** The exit code of a missing right. */
const IDENTITY = 3;

/** Why a step was not gone: something that it needs is not there. */
class Missing extends Error {}

function need({ has }, ...names) {
  const missing = names.filter(name => has[name] === undefined);
  if (missing.length > 0) throw new Missing(`there is no ${missing.join(', no ')}`);
}

async function step(scene, what, work) {
  scene.signal.throwIfAborted();
  let result;
  try {
    result = { kind: 'done', text: (await work()) ?? '' };
  } catch (error) {
    if (scene.signal.aborted) throw error;
    if (error instanceof Missing) result = { kind: 'not asked', text: error.message };
    else result = { kind: isDenial(error) ? 'denied' : 'failed', text: describe(error) };
  }
  scene.steps.push({ what, ...result });
  scene.say(`${result.kind.padEnd(14)}${what}${result.text === '' ? '' : ` (${result.text})`}`);
}

/** Tries until it holds. @throws what it fails with once time is over */
async function keepTrying({ signal }, { limitMs, pauseMs }, work, isWorthIt) {
  for (const end = Date.now() + limitMs; ; ) {
    try {
      return await work();
    } catch (error) {
      if (!isWorthIt(error) || Date.now() + pauseMs > end) throw error;
    }
    await sleep(pauseMs, undefined, { signal });
  }
}

async function run(scene, ...args) {
  const ended = await runCommand(args, scene);
  if (ended.code === 0) return ended;
  const refused = ended.code === IDENTITY ? { name: 'AccessDenied' } : {};
  throw Object.assign(new Error(complaintOf(ended)), refused);
}

async function assumeProbe(scene) {
  need(scene, 'probe');
  const { names, account, partition, aws } = scene;
  const name = (await run(scene, 'session-name', '--env', 'live', '--git-sha', names.run)).stdout.trim();
  const roleArn = `arn:${partition}:iam::${account}:role/${names.probeRole}`;
  const command = new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: name });
  const { Credentials } = await keepTrying(scene, SOON, () => aws.sts.send(command), isDenial);
  const {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    SessionToken: sessionToken,
  } = Credentials;
  scene.has.session = { name, roleArn, credentials: { accessKeyId, secretAccessKey, sessionToken } };
  return name;
}

async function changeFunction(scene) {
  need(scene, 'session');
  scene.has.begun = Date.now();
  await keepTrying(scene, SOON, () => changeProbe(scene, scene.has.session.credentials), isDenial);
  scene.has.change = Date.now();
}

async function findLake(scene) {
  const { has, channelArn } = scene;
  if (channelArn !== undefined) {
    has.channel = channelArn;
    has.store = await storeBehind(scene, channelArn);
    return has.store ?? 'its channel has none';
  }
  const made = await makeLake(scene);
  has['try of Lake'] = made;
  has.store = made.store.arn;
  has.channel = has.store && made.channel.arn;
  const refusal = made.store.refusal ?? made.channel.refusal;
  if (refusal !== undefined) throw isDenial(refusal) ? refusal : new Missing(describe(refusal));
  return has.channel;
}

const toTime = ms => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/** Every sink: what of ours it needs, the flag of `emit`, and the name by which `trace` reads it. */
function sinksOf({ has, names }) {
  const bucket = `s3://${names.bucket}/markers`;
  return {
    file: { needs: [], flags: ['--file', 'markers.jsonl'], markers: 'markers.jsonl' },
    logs: { needs: ['logs'], flags: ['--log-group', names.logGroup], markers: `logs:${names.logGroup}` },
    s3: { needs: ['markers-bucket'], flags: ['--bucket', bucket], markers: bucket },
    lake: {
      needs: ['channel', 'store'],
      flags: ['--channel-arn', has.channel],
      markers: `lake:${has.store?.split('/').at(-1)}`,
    },
  };
}

async function emit(scene, sink, { needs, flags }) {
  need(scene, ...needs);
  const { names, account, region, has, uids } = scene;
  const { name, roleArn } = has.session ?? {};
  const who = name === undefined ? [] : ['--session-name', name, '--role-arn', roleArn];
  const what = ['--env', 'live', '--component', `lambda:${names.function}`, '--git-sha', names.run];
  const where = ['--account', account, '--region', region, '--started-at', toTime(has.begun ?? Date.now())];
  const { json } = await run(scene, 'emit', '--json', ...what, ...where, ...who, ...flags);
  uids[sink] = json.results[0].delivered[0].uid;
}

async function readBack(scene, sink, { markers }, patience = SOON) {
  const uid = scene.uids[sink];
  if (uid === undefined) throw new Missing('no marker was written');
  const args = ['trace', '--json', '--markers', markers, '--changes', 'nothing', '--since', '1d'];
  const look = async () => {
    const ended = await runCommand(args, scene);
    const isThere = ended.json?.deploys.some(({ uids }) => uids.includes(uid)) === true;
    if (!isThere) throw new Error(`the marker was not found: ${complaintOf(ended)}`);
  };
  await keepTrying(scene, patience, look, () => true);
}

/** The flags that read all that was written, and event history. */
function sourcesOf(scene) {
  need(scene, 'seen change');
  const written = Object.entries(sinksOf(scene)).filter(([sink]) => scene.uids[sink] !== undefined);
  const markers = written.flatMap(([, sink]) => ['--markers', sink.markers]);
  return [...markers, '--changes', 'event-history', '--since', toTime(scene.started - 60_000)];
}

async function trace(scene) {
  const args = ['trace', '--json', `lambda:${scene.names.function}`, ...sourcesOf(scene)];
  const ended = await runCommand(args, scene);
  const id = scene.has['seen change'].event.EventId;
  const change = ended.json?.changes.find(({ event_id }) => event_id === id);
  if (change?.standing === 'explained') return `the change is explained, by ${change.rule}`;
  throw new Error(`the change is ${change?.standing ?? 'not there'}: ${complaintOf(ended)}`);
}

async function audit(scene) {
  const ended = await runCommand(['audit', '--json', ...sourcesOf(scene)], scene);
  // What the run itself made is nobody's deploy, so 10 is right, too.
  if (![0, 10].includes(ended.code)) throw new Error(complaintOf(ended));
  return `${ended.json.findings.length} findings, exit ${ended.code}`;
}

async function awaitHistory(scene) {
  need(scene, 'change');
  scene.has['seen change'] = await waitForChange(scene);
  if (scene.has['seen change'] === undefined)
    throw new Missing('event history did not have the change in time');
  return `${scene.has['seen change'].seconds} s`;
}

/** Makes all that the account can have, and changes the function. What is there is then in `scene.has`. */
export async function makeAll(scene) {
  for (const stack of stacksOf(scene)) {
    const [template] = stack;
    await step(scene, `deploy ${template}`, async () => {
      await deployStack(scene, stack);
      scene.has[template] = true;
    });
  }
  await step(scene, 'find or make a channel of Lake', () => findLake(scene));
  await step(scene, 'assume the role of the probe', () => assumeProbe(scene));
  await step(scene, 'change the function in that session', () => changeFunction(scene));
}

/** Emits a marker to every sink, and reads it back where that takes no minutes. */
export async function emitAll(scene) {
  await mkdir(join(scene.folder, 'nothing'));
  await writeFile(join(scene.folder, 'nothing/records.json'), '{"Records":[]}');
  const { lake, ...quick } = sinksOf(scene);
  for (const [name, sink] of Object.entries({ ...quick, lake })) {
    await step(scene, `emit to ${name}`, () => emit(scene, name, sink));
  }
  for (const [name, sink] of Object.entries(quick)) {
    await step(scene, `read back from ${name}`, () => readBack(scene, name, sink));
  }
}

/** Waits for event history and for Lake, and asks who changed the function. */
export async function traceAll(scene) {
  const sinks = sinksOf(scene);
  await step(scene, 'wait for event history', () => awaitHistory(scene));
  const patience = { limitMs: scene.started + scene.waitMs - Date.now(), pauseMs: LATE_PAUSE_MS };
  await step(scene, 'read back from lake', () => readBack(scene, 'lake', sinks.lake, patience));
  await step(scene, 'trace the function', () => trace(scene));
  await step(scene, 'audit', () => audit(scene));
  for (const [name, { flags, markers }] of Object.entries(sinks)) {
    if (scene.uids[name] === undefined) continue;
    const args = ['doctor', '--online', '--env', 'live', ...flags, '--markers', markers];
    await step(scene, `doctor --online of ${name}`, async () => void (await run(scene, ...args)));
  }
}
