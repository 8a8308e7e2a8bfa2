import type { Option, OptionValues } from '../../config/option.ts';
import { findValue, type OptionSources } from '../../config/resolve.ts';
import { parseRoleArn } from '../../core/base/arn.ts';
import { quote } from '../../core/base/quote.ts';
import { withoutUndefined } from '../../core/base/without-undefined.ts';
import type { MarkerRun } from '../../core/marker/create.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { awsRegionOf } from '../../io/aws-config/files.ts';
import type { Io } from '../../io/io.ts';
import type { JobFacts } from '../job-facts.ts';
import { EMIT_FLAGS } from './emit.flags.ts';

/** Flags of `emit`, resolved. */
export type EmitFlags = OptionValues<typeof EMIT_FLAGS>;

/** Fields of a marker by name, as flags, CI and environment give them; not yet checked. */
export type MarkerFields = Readonly<Record<string, unknown>>;

/** The actor of a marker that nobody is known to have made. */
const NOBODY = 'local';

/** Who is logged in, as shells and cron tell. */
export function userOf(env: Io['env']): string | undefined {
  return env['USER'] || env['USERNAME'] || env['LOGNAME'] || undefined;
}

/** Whether an explanation would name nobody who made it: an audit tells its actor. */
export function isAnonymous({ actor, explains }: EmitFlags, facts: JobFacts, env: Io['env']): boolean {
  return explains !== undefined && (actor ?? facts.system ?? userOf(env)) === undefined;
}

/** The fields that every marker of this call shares unless its record says otherwise. */
export function sharedFields(flags: EmitFlags, facts: JobFacts, env: Io['env']): MarkerFields {
  return withoutUndefined({
    deploy_id: flags['deploy-id'],
    env: flags.env,
    account: flags.account ?? accountOfRole(flags['role-arn']),
    region: regionOf(flags, env),
    git_sha: flags['git-sha'] ?? facts.sha,
    status: flags.status,
    // An explanation is no deploy, unless somebody says which sort it was.
    kind: flags.explains !== undefined && flags.kind === 'deploy' ? undefined : flags.kind,
    started_at: flags['started-at'],
    deployed_at: flags['deployed-at'],
    actor: flags.actor ?? facts.system ?? userOf(env) ?? NOBODY,
    triggered_by: facts.triggeredBy,
    repository: facts.repository,
    ref: facts.ref,
    run_id: facts.workflowRunId,
    workflow: flags.workflow ?? facts.workflow,
    job: flags.job ?? facts.job,
    role_session_name: flags['session-name'],
    role_arn: flags['role-arn'],
    target_version: flags['target-version'],
    previous_git_sha: flags['previous-git-sha'],
    reason: flags.reason,
    explains: flags.explains,
    approved_by: flags['approved-by'],
    url: flags.url ?? facts.url,
    labels: flags.label.length === 0 ? undefined : labelsOf(flags),
  });
}

/** Labels by key. @throws DeployMarkerError USAGE */
export function labelsOf(flags: EmitFlags): Readonly<Record<string, string>> {
  return Object.fromEntries(flags.label.map(toLabel));
}

/** Region that was deployed to, if it is known. */
export function regionOf(flags: EmitFlags, env: Io['env']): string | undefined {
  return flags.region ?? awsRegionOf(env);
}

/** The run that markers get their identity from. */
export function runOf(facts: JobFacts): MarkerRun {
  return { system: facts.system, jobRunId: facts.jobRunId, workflowRunId: facts.workflowRunId };
}

const FLAG_OF_FIELD: Readonly<Record<string, string>> = {
  role_session_name: 'session-name',
  labels: 'label',
};

/** Where a field of a marker comes from, for people who wrote flags, variables or settings and not records. */
export function namePlace(path: string, sources: OptionSources): string {
  const field = path.split('/')[1] ?? '';
  const flag = FLAG_OF_FIELD[field] ?? field.replaceAll('_', '-');
  const option = Object.entries<Option>(EMIT_FLAGS).find(([name]) => name === flag)?.[1];
  if (option === undefined) return `--${flag}`;
  const { origin, source } = findValue(flag, option, sources);
  return flag === 'region' && origin === 'absent' ? 'AWS_REGION, or the Region of the profile,' : source;
}

function accountOfRole(roleArn: string | undefined): string | undefined {
  return roleArn === undefined ? undefined : parseRoleArn(roleArn).account;
}

function toLabel(text: string): [key: string, value: string] {
  const at = text.indexOf('=');
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw new DeployMarkerError('USAGE', `--label must be key=value, got ${quote(text)}`, {
    hint: 'pass for example --label team=billing',
  });
}
