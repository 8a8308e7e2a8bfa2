import type { LakeProgress, LakeRow } from '../aws/cloudtrail/lake-query.ts';
import type { OptionValues } from '../config/option.ts';
import { quote } from '../core/base/quote.ts';
import { isComponent } from '../core/component/component.ts';
import { checkSessionName, isGitSha } from '../core/session-name.ts';
import { correlationSql, withoutComment } from '../core/sql/correlation.ts';
import { parseDuration, parseSpan } from '../core/time/duration.ts';
import { DeployMarkerError } from '../errors/deploy-marker-error.ts';
import { awsRegionOf } from '../io/aws-config/files.ts';
import { requireKnownProfile } from '../io/aws-config/known-profile.ts';
import { renderCorrelationRows } from '../report/lake-rows.ts';
import type { CommandContext, CommandInput } from './command.ts';
import { learnerOf } from './credential-learner.ts';
import type { QUERY_FLAGS } from './query.flags.ts';
import { regionHint } from './trail/person-hint.ts';
import { readRange } from './trail/range.ts';

type QueryFlags = OptionValues<typeof QUERY_FLAGS>;

/**
 * Prints the statement that ties changes to deploys inside CloudTrail Lake; with `--run` also runs it, and prints its rows.
 *
 * @throws DeployMarkerError USAGE, ARN_INVALID, SESSION_NAME_INVALID, QUERY_TOO_LONG, or what running it meets
 */
export async function run(
  { values: flags }: CommandInput<typeof QUERY_FLAGS>,
  context: CommandContext,
): Promise<void> {
  const { out, json } = context;
  const statement = toStatement(flags, context);
  if (!flags.run) {
    if (json) out.resultJson({ version: 1, statement });
    else out.resultText(statement);
    return;
  }
  const rows: LakeRow[] = [];
  let last: LakeProgress | undefined;
  const { runLakeQuery } = await import('../aws/cloudtrail/lake-query.ts');
  const { env, signal } = context.io;
  const onProgress = (progress: LakeProgress): void => {
    if (progress.state !== last?.state) out.note(describe(progress));
    last = progress;
  };
  const region = regionOf(flags, context);
  const learn = learnerOf(context.redactor);
  // The comment is for those who read it, and Lake need not understand it.
  const query = {
    statement: withoutComment(statement),
    region,
    env,
    warn: out.warn,
    learn,
    signal,
    onProgress,
  };
  for await (const row of runLakeQuery(query)) {
    rows.push(row);
  }
  if (json) out.resultJson({ version: 1, statement, rows, statistics: toStatistics(last) });
  else out.resultText(renderCorrelationRows(rows, context.redactor.redact));
}

function toStatement(flags: QueryFlags, context: CommandContext): string {
  const { since, until, component, 'git-sha': gitSha, 'session-name': sessionName } = flags;
  if (component !== undefined && !isComponent(component)) {
    throw malformed('--component', 'kind:name, such as lambda:resize-image, or a full ARN', component);
  }
  if (gitSha !== undefined && !isGitSha(gitSha)) {
    throw malformed('--git-sha', '7 to 64 hexadecimal characters', gitSha);
  }
  if (sessionName !== undefined) checkSessionName(sessionName);
  return correlationSql({
    markerStore: required(flags, 'marker-store'),
    changeStore: required(flags, 'change-store'),
    range: readRange({ since, until }, context),
    now: context.io.now(),
    eventSource: flags['event-source'],
    before: parseSpan(flags.before, '--before'),
    after: parseSpan(flags.after, '--after'),
    unfinishedAfter: parseDuration(flags['unfinished-after'], '--unfinished-after'),
    component,
    gitSha,
    sessionName,
  });
}

function required(flags: QueryFlags, flag: 'marker-store' | 'change-store'): string {
  const store = flags[flag];
  if (store !== undefined) return store;
  throw new DeployMarkerError('USAGE', `--${flag} is needed`, {
    hint: `pass --${flag} with the id of an event data store, from \`aws cloudtrail list-event-data-stores\``,
  });
}

function malformed(flag: string, form: string, value: string): DeployMarkerError {
  return new DeployMarkerError('USAGE', `${flag} must be ${form}, got ${quote(value)}`);
}

function regionOf({ region }: QueryFlags, { io: { env } }: CommandContext): string {
  const known = region ?? awsRegionOf(env);
  if (known) return known;
  requireKnownProfile(env);
  throw new DeployMarkerError('USAGE', 'the Region of the stores is not known', { hint: regionHint(env) });
}

function describe({ queryId, state, bytesScanned }: LakeProgress): string {
  return `query ${queryId}: ${state}, ${(bytesScanned / 1e6).toFixed(1)} MB scanned`;
}

function toStatistics(progress: LakeProgress | undefined): object {
  return {
    query_id: progress?.queryId,
    bytes_scanned: progress?.bytesScanned,
    events_scanned: progress?.eventsScanned,
    events_matched: progress?.eventsMatched,
    execution_time_ms: progress?.executionTime,
  };
}
