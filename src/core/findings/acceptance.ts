import type { Allowance } from './allow-list.ts';
import type { ReportFinding } from './report.ts';

/** Why a finding does not count: an earlier run told it, the baseline has it, or somebody allowed it. Only the last is a signature. */
const ACCEPTED_WAYS = ['told', 'baseline', 'allowed'] as const;
/** Why a finding does not count. */
type AcceptedWay = (typeof ACCEPTED_WAYS)[number];

/** What `accepted` says of a finding in the baseline. */
export const IN_BASELINE = 'in the baseline';
const TOLD = 'told on ';

/** What `accepted` says of a finding on the allow list. */
export function allowedText({
  untilText,
  why,
  approvedBy,
}: Pick<Allowance, 'untilText' | 'why' | 'approvedBy'>): string {
  return `allowed until ${untilText}${approvedBy === undefined ? '' : `, approved by ${approvedBy}`}: ${why}`;
}

/** What `accepted` says of a finding that an earlier run told. @param time when that was, UTC */
export function toldText(time: string): string {
  return `${TOLD}${time}`;
}

function wayOf(accepted: string): AcceptedWay {
  if (accepted.startsWith(TOLD)) return 'told';
  return accepted.startsWith(IN_BASELINE) ? 'baseline' : 'allowed';
}

const WAY_WORDS: Readonly<Record<AcceptedWay, string>> = {
  told: 'told before and still there',
  baseline: 'in the baseline',
  allowed: 'allowed',
};

/** How many findings do not count, and why: `2 told before and still there`, `1 in the baseline`, `3 allowed`. */
export function describeAccepted(findings: readonly ReportFinding[]): string[] {
  const ways = findings.flatMap(({ accepted }) => (accepted === undefined ? [] : wayOf(accepted)));
  return ACCEPTED_WAYS.flatMap(way => {
    const number = ways.filter(each => each === way).length;
    return number === 0 ? [] : [`${number} ${WAY_WORDS[way]}`];
  });
}

/** Whether an earlier run told the finding, and nobody accepted it. */
export function isToldBefore({ accepted }: ReportFinding): boolean {
  return accepted !== undefined && wayOf(accepted) === 'told';
}
