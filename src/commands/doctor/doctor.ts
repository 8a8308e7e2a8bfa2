import { DEFAULT_CONFIG_FILE } from '../../config/config-file.ts';
import { describeSettings } from '../../config/settings.ts';
import { type DoctorCheck, failureOf, noted } from '../../core/doctor-check.ts';
import type { Env } from '../../io/io.ts';
import { renderDoctor } from '../../report/doctor-text.ts';
import { SETTINGS } from '../all-settings.ts';
import type { CommandContext, CommandInput } from '../command.ts';
import { checkBucketNames } from './bucket-names.ts';
import { checkCredentials } from './credentials.ts';
import type { DOCTOR_FLAGS } from './doctor.flags.ts';
import { checkCi, checkName, checkNode, checkRole } from './job.ts';
import { checkNetwork } from './network.ts';
import { checkTableNames } from './online/table-names.ts';
import { type DoctorScene, readScene, trustPlaceOf } from './scene.ts';
import { listSettings } from './settings.ts';
import { checkChannel, checkMarker, checkSink } from './sink.ts';
import { checkToken } from './token.ts';
import type { TrustSubject } from './trust.ts';

/** Shows every setting with where it comes from, and checks what the other commands need. Changes nothing. */
export async function run(input: CommandInput<typeof DOCTOR_FLAGS>, context: CommandContext): Promise<void> {
  const { out, json, io } = context;
  const { config, quiet } = input.sources.flags;
  const file = typeof config === 'string' && config !== '' ? config : DEFAULT_CONFIG_FILE;
  const described = describeSettings(SETTINGS, input.sources, file);
  const scene = await readScene(input, described, context);
  const settings = listSettings(described, input.sources.env, scene.facts);
  const checks = await checkAll(scene);
  if (scene.own.online) io.signal.throwIfAborted();
  if (json) out.resultJson({ version: 1, settings, checks });
  else out.resultText(renderDoctor({ settings, checks, quiet: quiet === true }, context.redactor.redact));
  const failure = failureOf(checks);
  if (failure !== undefined) throw failure;
}

async function checkAll(scene: DoctorScene): Promise<DoctorCheck[]> {
  const { check: name, sessionName } = await checkName(scene);
  const { check: tokenCheck, token } = await checkToken(scene);
  const { check: role, sound } = checkRole(scene);
  const channel = await checkChannel(sound);
  const { check: sink, sinks } = await checkSink(sound, channel);
  const [trust, online] = await Promise.all([
    judgeTrust(scene, { token, sessionName }),
    scene.own.online
      ? import('./online/online.ts').then(({ checkOnline }) => checkOnline(sound, sessionName))
      : { checks: [], isDeployer: false },
  ]);
  const checks = [
    checkNode(scene),
    scene.settings,
    checkCi(scene),
    name,
    role,
    tokenCheck,
    trust,
    await checkCredentials(scene, token !== undefined),
    channel,
    sink,
    await checkMarker(sound, sinks),
    ...(scene.own.online ? [] : [...(await checkTableNames(sound)), ...(await checkBucketNames(sound))]),
    await checkNetwork(scene),
    ...online.checks,
  ];
  const { env } = scene.context.io;
  return Promise.all(checks.map(check => tellPerson(tellReader(check, online.isDeployer), env)));
}

/** At a desk it is another command that helps where credentials are missing. */
async function tellPerson(check: DoctorCheck, env: Env): Promise<DoctorCheck> {
  const { code, next } = check;
  if (!code?.startsWith('CREDENTIALS_') || next === undefined) return check;
  const { personHint } = await import('../trail/person-hint.ts');
  return { ...check, next: personHint({ code, hint: next }, env) };
}

/** What judges a policy is loaded where there is one to look at. */
async function judgeTrust(scene: DoctorScene, subject: TrustSubject): Promise<DoctorCheck> {
  const place = trustPlaceOf(scene);
  if (place !== undefined) return (await import('./trust.ts')).checkTrust(scene, place, subject);
  const next = `pass --trust-policy FILE, or ${scene.own.online ? '' : '--online with '}--role-arn`;
  return noted('trust-policy', 'skipped', 'there is no trust policy to look at', next);
}

const READER = 'the policy of the template audit-role has all that doctor asks for';

/** A role that deploys may not read what doctor asks for, and need not; anybody else was to read it. */
function tellReader(check: DoctorCheck, isDeployer: boolean): DoctorCheck {
  if (check.code !== 'ACCESS_DENIED' || !check.next?.startsWith('allow ')) return check;
  if (!isDeployer) return { ...check, next: `${check.next}; ${READER}` };
  return noted(
    check.name,
    'skipped',
    `the role that deploys may not ask for it, and need not: ${check.summary}`,
    `nothing for a deploy; to have it checked, ${check.next}: ${READER}`,
  );
}
