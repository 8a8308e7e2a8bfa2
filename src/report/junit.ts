import type { Report, ReportFinding } from '../core/report.ts';
import { type Markup, markup } from './markup.ts';
import { count } from './plain-text.ts';
import { isFailing, toPlainTime } from './report-words.ts';

/** As many findings of one case are told; the report has them all. */
const MOST_LINES = 100;

interface Case {
  readonly component: string;
  readonly place: readonly string[];
  readonly envs: Set<string>;
  readonly findings: ReportFinding[];
}

/**
 * The audit as JUnit XML, as CircleCI's Tests tab reads it: one test case per component and place, failing with the findings that
 * fail, skipped if all that speaks against it is accepted; and an error for each source that failed.
 *
 * @see https://circleci.com/docs/guides/test/collect-test-data/
 */
export function renderJunit(report: Report): string {
  const cases = [...collectCases(report).values()];
  const failures = cases.filter(({ findings }) => findings.some(isFailing)).length;
  const skipped = cases.filter(isSkipped).length;
  const gaps = report.sources.filter(({ complete }) => !complete);
  const totals = markup`tests="${cases.length + gaps.length}" failures="${failures}" errors="${gaps.length}" skipped="${skipped}" time="0"`;
  return markup`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="deploy-marker" ${totals}>
<testsuite name="deploy-marker ${report.command}" ${totals} timestamp="${report.generated_at.replace('Z', '')}">
${gaps.map(({ source, side, error }) => {
  const message = error?.message ?? 'it was cut short';
  return markup`<testcase classname="sources.${side}" name="${source}" time="0"><error message="${message}" type="${error?.code ?? 'INCOMPLETE'}"/></testcase>
`;
})}${cases.map(toTestCase)}</testsuite>
</testsuites>
`.markup;
}

/** A component is judged if it was deployed, changed, or has a finding; one without findings passes. */
function collectCases({ deploys, changes, findings = [] }: Report): Map<string, Case> {
  const cases = new Map<string, Case>();
  const take = (component: string, account = '', region = ''): Case => {
    const key = JSON.stringify([component, account, region]);
    const known = cases.get(key);
    if (known !== undefined) return known;
    const made = { component, place: [account, region], envs: new Set<string>(), findings: [] };
    cases.set(key, made);
    return made;
  };
  for (const { components, account, region, env } of deploys)
    for (const component of components) take(component, account, region).envs.add(env);
  for (const { component, account, region } of changes) take(component, account, region);
  for (const finding of findings)
    take(finding.component, finding.account, finding.region).findings.push(finding);
  return cases;
}

function isSkipped({ findings }: Case): boolean {
  return !findings.some(isFailing) && findings.some(({ accepted }) => accepted !== undefined);
}

function toTestCase(test: Case): Markup {
  const failing = test.findings.filter(isFailing);
  const accepted = test.findings.filter(finding => finding.accepted !== undefined);
  const rest = test.findings.filter(finding => !isFailing(finding));
  const name = [[...test.envs].sort().join('+'), ...test.place].filter(Boolean).join('.');
  const [first] = failing;
  return markup`<testcase classname="${name || 'unknown'}" name="${test.component}" time="0">${
    first === undefined
      ? undefined
      : markup`<failure type="${first.kind}" message="${failing.length === 1 ? first.message : `${count(failing.length, 'finding')}, the first: ${first.message}`}">${toLines(failing)}</failure>`
  }${
    isSkipped(test)
      ? markup`<skipped message="${`${count(accepted.length, 'finding')} accepted: ${accepted[0]?.accepted}`}"/>`
      : undefined
  }${rest.length > 0 ? markup`<system-out>${toLines(rest)}</system-out>` : undefined}</testcase>
`;
}

function toLines(findings: readonly ReportFinding[]): Markup[] {
  const lines = findings
    .slice(0, MOST_LINES)
    .map(({ time, kind, message, event_id, deploy_id, accepted }) => {
      const subject = event_id === undefined ? (deploy_id ?? '') : `event ${event_id}`;
      const why = accepted === undefined ? '' : ` [accepted: ${accepted}]`;
      return markup`${toPlainTime(time)} ${kind}: ${message} ${subject}${why}
`;
    });
  const left = findings.length - lines.length;
  return left > 0
    ? [
        ...lines,
        markup`… and ${left.toLocaleString('en')} more, see --json
`,
      ]
    : lines;
}
