import type { Notice, SendNotice } from '../../core/findings/notice.ts';
import type { Report, ReportFinding } from '../../core/findings/report.ts';
import { type DeployMarkerError, isDeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { toHarmlessLines, toOneLine } from '../../errors/visible-text.ts';
import { bound, type Clean } from '../../report/plain-text.ts';
import { describeGap, describeMoreGaps, GAP_WORDS, splitGaps } from '../../report/words/gap-words.ts';
import type { CommandContext } from '../command.ts';
import { learnerOf } from '../credential-learner.ts';
import type { AuditFlags } from './audit.flags.ts';

/** As many findings are named in one notice; the report has them all. */
const MOST_NAMED = 20;
/** As many reasons why the answer is incomplete are told in one. */
const MOST_REASONS = 5;

/** Opens what `--notify-sns` and `--notify-slack-env` name. @throws DeployMarkerError if one of them cannot be used */
export async function openNotices(
  flags: AuditFlags,
  { io, out, redactor }: CommandContext,
): Promise<SendNotice[]> {
  const { 'notify-sns': topicArn, 'notify-slack-env': variable } = flags;
  const notices: SendNotice[] = [];
  if (topicArn !== undefined) {
    const { createSnsNotice } = await import('../../aws/sns/sns-notice.ts');
    notices.push(createSnsNotice({ topicArn, env: io.env, warn: out.warn, learn: learnerOf(redactor) }));
  }
  if (variable !== undefined) {
    const { createSlackNotice } = await import('../../io/http/slack-notice.ts');
    redactor.learn(io.env[variable]);
    notices.push(createSlackNotice({ env: io.env, variable }));
  }
  return notices;
}

/**
 * The findings that people are told of now. Where a source of markers failed nobody is told, for every change would look
 * unexplained; single records that are no markers keep nothing back, or they would for ever.
 */
export function toTell({ findings = [], sources }: Report): readonly ReportFinding[] {
  const lacksMarkers = sources.some(
    ({ side, error }) => side === 'markers' && error !== undefined && error.code !== 'MARKER_INVALID',
  );
  return lacksMarkers ? [] : findings.filter(finding => finding.fails && finding.new === true);
}

/** Tells of new findings everywhere. @returns why a place was not told */
export async function sendNotices(
  notices: readonly SendNotice[],
  report: Report,
  { io: { signal }, redactor }: Pick<CommandContext, 'io' | 'redactor'>,
): Promise<DeployMarkerError[]> {
  const fresh = toTell(report);
  if (fresh.length === 0) return [];
  const notice = toNotice(fresh, report, redactor.redact);
  const errors: DeployMarkerError[] = [];
  for (const send of notices) {
    try {
      await send(notice, signal);
    } catch (error) {
      if (!isDeployMarkerError(error)) throw error;
      errors.push(error);
    }
  }
  return errors;
}

function toNotice(fresh: readonly ReportFinding[], report: Report, clean: Clean): Notice {
  const subject = `deploy-marker: ${fresh.length} new ${fresh.length === 1 ? 'finding' : 'findings'}`;
  const lines = fresh
    .slice(0, MOST_NAMED)
    .map(({ time, account, region, message, event_id }) =>
      [time, account, region, message, event_id === undefined ? '' : `event ${event_id}`]
        .filter(Boolean)
        .join('  '),
    );
  const more = fresh.length > MOST_NAMED ? [`… and ${fresh.length - MOST_NAMED} more`] : [];
  // What a place takes may end before the text does.
  const text = [`${subject}, ${report.from} to ${report.until}`, ...gapLines(report), ...lines, ...more];
  return { subject, text: text.map(line => bound(toHarmlessLines(toOneLine(clean(line))))).join('\n') };
}

/** That the answer is incomplete, and why. */
function gapLines(report: Report): string[] {
  if (report.complete) return [];
  const { incomplete } = splitGaps(report);
  return [
    'This answer is incomplete; there may be more to find.',
    ...incomplete.slice(0, MOST_REASONS).map(gap => `${GAP_WORDS[gap.kind]}: ${describeGap(gap, report)}`),
    ...describeMoreGaps(incomplete.length - MOST_REASONS),
  ];
}
