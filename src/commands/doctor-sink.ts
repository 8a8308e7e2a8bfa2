import type { Arn } from '../core/arn.ts';
import { parseChannelArn, parseRoleArn } from '../core/arn.ts';
import { type DoctorCheck, failed, noted, passed } from '../core/doctor-check.ts';
import { takesAuditEvents } from '../core/lake-regions.ts';
import type { Marker } from '../core/marker.ts';
import type { MarkerSink } from '../core/ports.ts';
import { formatUtcTime } from '../core/utc-time.ts';
import { DeployMarkerError } from '../errors/deploy-marker-error.ts';
import { type DoctorScene, diagnose } from './doctor-scene.ts';
import { runOf, sharedFields } from './emit-fields.ts';
import { createFlagSource } from './emit-source.ts';
import { checkRecords, readMarkers } from './marker-stream.ts';
import { chooseSinks, FALLBACK_FILE, type SinkChoice } from './sink-choice.ts';
import { openSinks } from './sinks.ts';

/** Stands in for a component where none is set. */
const SAMPLE_COMPONENT = 'lambda:sample';

/** The check of where markers would go from here. */
export async function checkSink(scene: DoctorScene): Promise<DoctorCheck> {
  const { emit, facts } = scene;
  return diagnose('sink', async () => {
    const choice = chooseOrNone(scene);
    if (choice === undefined) {
      const next = 'pass --channel-arn, --log-group or --file as your steps do';
      return noted('sink', 'warn', 'no sink is set, and in CI emit fails without one', next);
    }
    if (choice.isFallback) {
      const next = 'pass --channel-arn or --log-group, as your steps in CI do';
      return noted('sink', 'skipped', `none is set: markers go to ${FALLBACK_FILE} here`, next);
    }
    const places = choice.sinks.map(name => {
      if (name === 'lake') return `CloudTrail Lake, ${emit.values['channel-arn'] ?? 'no channel'}`;
      if (name === 'logs') return `CloudWatch Logs, ${emit.values['log-group'] ?? 'no log group'}`;
      return `file ${emit.values.file ?? FALLBACK_FILE}`;
    });
    return passed(
      'sink',
      `${places.join('; ')}${facts.system === undefined ? '' : `, from ${facts.system}`}`,
    );
  });
}

/** As `emit` chooses; undefined where it would refuse for want of one. */
function chooseOrNone({ emit, facts }: DoctorScene): SinkChoice | undefined {
  const isCi = facts.system !== undefined;
  const isAnySet = ['sink', 'channel-arn', 'log-group', 'file'].some(
    name => Object.entries(emit.origins).find(([flag]) => flag === name)?.[1] !== 'absent',
  );
  return isCi && !isAnySet ? undefined : chooseSinks(emit, isCi);
}

/** The check of the channel's ARN: its form, its Region, its account. */
export function checkChannel({ emit: { values }, assume }: DoctorScene): Promise<DoctorCheck> {
  return diagnose('channel', async () => {
    const text = values['channel-arn'];
    if (text === undefined) {
      return noted('channel', 'skipped', 'no channel is set', 'pass --channel-arn where markers go to Lake');
    }
    const channel = parseChannelArn(text);
    const { region, account } = channel;
    if (!takesAuditEvents(region)) {
      return noted(
        'channel',
        'warn',
        `CloudTrail Lake takes no events of one's own in ${region}, as far as is documented`,
        'make the channel in another Region, or use a log group',
      );
    }
    return (
      accountMismatch(channel, assume['role-arn'], values['sink-role-arn']) ??
      passed('channel', `account ${account}, ${region}`)
    );
  });
}

/** A channel takes nothing from other accounts unless its resource policy says so. */
function accountMismatch(
  { account }: Arn,
  roleArn: string | undefined,
  sinkRoleArn: string | undefined,
): DoctorCheck | undefined {
  const writer = sinkRoleArn ?? roleArn;
  if (writer === undefined) return undefined;
  const from = parseRoleArn(writer).account;
  if (from === account) return undefined;
  return noted(
    'channel',
    'warn',
    `it is in account ${account}, and ${writer} in ${from}`,
    'name a role in its account with --sink-role-arn, or let its resource policy allow the other account',
  );
}

/** The check of whether a marker made here would pass, all the way to the request; nothing is sent. */
export function checkMarker(scene: DoctorScene): Promise<DoctorCheck> {
  return diagnose('marker', async () => {
    const { emit, facts, context } = scene;
    const { values } = emit;
    if (values.env === undefined || (values['git-sha'] ?? facts.sha) === undefined) {
      const what = values.env === undefined ? 'the environment is' : 'the commit is';
      const flag = values.env === undefined ? '--env' : '--git-sha';
      return noted('marker', 'skipped', `${what} not set`, `pass ${flag} as your steps do`);
    }
    if (chooseOrNone(scene) === undefined) {
      return noted('marker', 'skipped', 'no sink is set', 'pass --channel-arn, --log-group or --file');
    }
    const sinks = await openSinks(emit, { ...context, out: { ...context.out, note: () => {} } }, false);
    const components = values.component.length === 0 ? [SAMPLE_COMPONENT] : values.component;
    const [marker] = await makeMarkers(scene, components, sinks);
    const sample = values.component.length === 0 ? `, for ${SAMPLE_COMPONENT} as an example` : '';
    return passed(
      'marker',
      `it passes${sample}`,
      marker === undefined ? [] : [`deploy_id ${marker.deploy_id}`],
    );
  });
}

async function makeMarkers(
  { emit: { values }, facts, context: { io } }: DoctorScene,
  components: readonly string[],
  sinks: readonly MarkerSink[],
): Promise<readonly Marker[]> {
  const source = createFlagSource(components);
  const markers = {
    shared: sharedFields(values, facts, io.env),
    run: runOf(facts),
    idempotencyKey: values['idempotency-key'],
    now: formatUtcTime(io.now()),
    sinks,
  };
  const checked = await checkRecords(source, markers, false);
  if (checked.bad !== undefined) throw checked.bad;
  const made: Marker[] = [];
  for await (const block of readMarkers(source, markers, checked)) made.push(...block);
  for (const sink of sinks) await sink.preview(made);
  return made;
}

/** The check of the keys at hand, as far as the environment tells. */
export function checkCredentials({ context: { io } }: DoctorScene): DoctorCheck {
  const name = 'credentials';
  const { env } = io;
  if (env['AWS_PROFILE']) {
    const next = 'run doctor --online to learn whose it is';
    return noted(name, 'skipped', `of the profile ${env['AWS_PROFILE']}, not looked at`, next);
  }
  if (!env['AWS_ACCESS_KEY_ID']) {
    const next =
      'run `deploy-marker assume-role` in the job, or doctor --online where a profile or an instance has them';
    return noted(name, 'skipped', 'there are none in the environment', next);
  }
  if (!env['AWS_SECRET_ACCESS_KEY']) {
    const message = 'AWS_ACCESS_KEY_ID is set, and AWS_SECRET_ACCESS_KEY is not';
    return failed(name, new DeployMarkerError('CREDENTIALS_MISSING', message));
  }
  const until = env['AWS_CREDENTIAL_EXPIRATION'];
  const left = Math.floor((Date.parse(until ?? '') - io.now()) / 1000);
  if (Number.isNaN(left)) return passed(name, 'in the environment; when they expire is not said');
  if (left > 0) return passed(name, `in the environment, expire in ${left} s (${until})`);
  const message = `those in the environment expired ${-left} s ago (${until})`;
  return failed(name, new DeployMarkerError('CREDENTIALS_EXPIRED', message));
}
