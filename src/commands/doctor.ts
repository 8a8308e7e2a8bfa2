import { DEFAULT_CONFIG_FILE } from '../config/config-file.ts';
import { type DoctorCheck, failureOf } from '../core/doctor-check.ts';
import { parseDuration } from '../core/duration.ts';
import { renderDoctor } from '../report/doctor-text.ts';
import type { CommandContext, CommandInput } from './command.ts';
import { startDeadline } from './delivery.ts';
import type { DOCTOR_FLAGS } from './doctor.flags.ts';
import { checkCi, checkName, checkNode, checkRole, checkToken } from './doctor-job.ts';
import { checkNetwork } from './doctor-network.ts';
import { type DoctorScene, readScene } from './doctor-scene.ts';
import { readSettings } from './doctor-settings.ts';
import { checkChannel, checkCredentials, checkMarker, checkSink } from './doctor-sink.ts';
import { checkTrust } from './doctor-trust.ts';

/** Shows every setting with where it comes from, and checks what the other commands need. Changes nothing. */
export async function run(input: CommandInput<typeof DOCTOR_FLAGS>, context: CommandContext): Promise<void> {
  const { out, json } = context;
  const scene = await readScene(input, context);
  const { flags } = input.sources;
  const file = typeof flags['config'] === 'string' ? flags['config'] : DEFAULT_CONFIG_FILE;
  const settings = readSettings(input.sources, scene.facts, file);
  const { signal, stop } = startDeadline(
    parseDuration(scene.emit.values.timeout, '--timeout'),
    context.io.signal,
  );
  try {
    const checks = (await checkAll(scene, signal)).map(tellReader);
    if (json) out.result(JSON.stringify({ version: 1, settings, checks }));
    else out.result(renderDoctor({ settings, checks }).trimEnd());
    const failure = failureOf(checks);
    if (failure !== undefined) throw failure;
  } finally {
    stop();
  }
}

async function checkAll(scene: DoctorScene, signal: AbortSignal): Promise<DoctorCheck[]> {
  const { check: name, sessionName } = await checkName(scene);
  const { check: tokenCheck, token } = await checkToken(scene);
  return [
    checkNode(scene),
    checkCi(scene),
    name,
    await checkRole(scene),
    tokenCheck,
    await checkTrust(scene, { token, sessionName }, signal),
    checkCredentials(scene),
    await checkSink(scene),
    await checkChannel(scene),
    await checkMarker(scene),
    await checkNetwork(scene),
    ...(scene.own.online ? await (await import('./doctor-online.ts')).checkOnline(scene, signal) : []),
  ];
}

/** A role that deploys may not read what doctor asks for, and need not. */
function tellReader(check: DoctorCheck): DoctorCheck {
  if (check.code !== 'ACCESS_DENIED') return check;
  return { ...check, next: `${check.next}; the template audit-role has all that doctor asks for` };
}
