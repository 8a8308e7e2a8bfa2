import type { OptionValues } from '../../config/option.ts';
import { quote } from '../../core/base/quote.ts';
import { isComponent } from '../../core/component/component.ts';
import { checkSessionName, isGitSha } from '../../core/session-name.ts';
import type { CorrelationQuestion } from '../../core/sql/correlation.ts';
import { parseDuration, parseSpan } from '../../core/time/duration.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { renderCorrelationRows } from '../../report/lake-rows.ts';
import type { CommandContext, CommandInput } from '../command.ts';
import { readRange } from '../trail/range.ts';
import type { QueryEngine, QueryRow } from './engine.ts';
import type { QUERY_FLAGS } from './query.flags.ts';

type QueryFlags = OptionValues<typeof QUERY_FLAGS>;

/**
 * Prints the statement that ties changes to deploys inside CloudTrail Lake or Athena; with `--run` also runs it, and prints its rows.
 *
 * @throws DeployMarkerError USAGE, ARN_INVALID, SESSION_NAME_INVALID, QUERY_TOO_LONG, TABLE_UNSUITABLE, or what running it meets
 */
export async function run(
  { values: flags }: CommandInput<typeof QUERY_FLAGS>,
  context: CommandContext,
): Promise<void> {
  const { out, json } = context;
  const engine = await openEngine(flags, context);
  const statement = await engine.toStatement(toQuestion(flags, context));
  if (!flags.run) {
    if (json) out.resultJson({ version: 1, statement });
    else out.resultText(statement);
    return;
  }
  const rows: QueryRow[] = [];
  for await (const row of engine.run(statement)) rows.push(row);
  if (json) out.resultJson({ version: 1, statement, rows, statistics: engine.statistics() });
  else out.resultText(renderCorrelationRows(rows, context.redactor.redact));
}

async function openEngine(flags: QueryFlags, context: CommandContext): Promise<QueryEngine> {
  if (flags.engine === 'athena') return (await import('./athena-engine.ts')).openAthenaEngine(flags, context);
  return (await import('./lake-engine.ts')).openLakeEngine(flags, context);
}

function toQuestion(flags: QueryFlags, context: CommandContext): CorrelationQuestion {
  const { since, until, component, 'git-sha': gitSha, 'session-name': sessionName } = flags;
  if (component !== undefined && !isComponent(component)) {
    throw malformed('--component', 'kind:name, such as lambda:resize-image, or a full ARN', component);
  }
  if (gitSha !== undefined && !isGitSha(gitSha)) {
    throw malformed('--git-sha', '7 to 64 hexadecimal characters', gitSha);
  }
  if (sessionName !== undefined) checkSessionName(sessionName);
  return {
    range: readRange({ since, until }, context),
    now: context.io.now(),
    before: parseSpan(flags.before, '--before'),
    after: parseSpan(flags.after, '--after'),
    unfinishedAfter: parseDuration(flags['unfinished-after'], '--unfinished-after'),
    component,
    gitSha,
    sessionName,
  };
}

function malformed(flag: string, form: string, value: string): DeployMarkerError {
  return new DeployMarkerError('USAGE', `${flag} must be ${form}, got ${quote(value)}`);
}
