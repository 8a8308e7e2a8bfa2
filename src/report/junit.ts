import type { Report, ReportFinding } from '../core/findings/report.ts';
import { type JunitSuite, toGapSuite } from './junit-gaps.ts';
import { type Markup, markup } from './markup.ts';
import { type Clean, count } from './plain-text.ts';
import { toIntegritySuite } from './words/integrity-words.ts';
import { toJudgedProperties } from './words/judged-words.ts';
import { isFailing, toPlainTime } from './words/report-words.ts';

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
 * fail, skipped if all that speaks against it is accepted; and a suite of what the answer does not rest on.
 * Properties tell what it was judged by.
 *
 * @see https://circleci.com/docs/guides/test/collect-test-data/
 * @param clean takes out what must not be shown; by default nothing
 */
export function renderJunit(report: Report, clean: Clean = text => text): string {
  const cases = [...collectCases(report).values()];
  const suites = [
    toGapSuite(report, clean),
    toIntegritySuite(report, clean),
    {
      name: `deploy-marker ${report.command}`,
      tests: cases.length,
      failures: cases.filter(({ findings }) => findings.some(isFailing)).length,
      errors: 0,
      skipped: cases.filter(isSkipped).length,
      cases: cases.map(test => toTestCase(test, clean)),
      properties: toJudgedProperties(report, clean),
    },
  ].filter(suite => suite !== undefined);
  const timestamp = report.generated_at.replace('Z', '');
  return markup`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="deploy-marker" ${toTotals(suites)}>
${suites.map(
  suite => markup`<testsuite name="${suite.name}" ${toTotals([suite])} timestamp="${timestamp}">
${suite.properties}${suite.cases}</testsuite>
`,
)}</testsuites>
`.markup;
}

function toTotals(suites: readonly JunitSuite[]): Markup {
  const sum = (name: 'tests' | 'failures' | 'errors' | 'skipped'): number =>
    suites.reduce((total, suite) => total + suite[name], 0);
  return markup`tests="${sum('tests')}" failures="${sum('failures')}" errors="${sum('errors')}" skipped="${sum('skipped')}" time="0"`;
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

function toTestCase(test: Case, clean: Clean): Markup {
  const failing = test.findings.filter(isFailing);
  const accepted = test.findings.filter(finding => finding.accepted !== undefined);
  const rest = test.findings.filter(finding => !isFailing(finding));
  const name = [[...test.envs].sort().join('+'), ...test.place].filter(Boolean).join('.');
  const [first] = failing;
  return markup`<testcase classname="${clean(name) || 'unknown'}" name="${clean(test.component)}" time="0">${
    first === undefined
      ? undefined
      : markup`<failure type="${first.kind}" message="${clean(failing.length === 1 ? first.message : `${count(failing.length, 'finding')}, the first: ${first.message}`)}">${toLines(failing, clean)}</failure>`
  }${
    isSkipped(test)
      ? markup`<skipped message="${clean(`${count(accepted.length, 'finding')} not counted: ${accepted[0]?.accepted}`)}"/>`
      : undefined
  }${rest.length > 0 ? markup`<system-out>${toLines(rest, clean)}</system-out>` : undefined}</testcase>
`;
}

function toLines(findings: readonly ReportFinding[], clean: Clean): Markup[] {
  const lines = findings
    .slice(0, MOST_LINES)
    .map(({ time, kind, message, event_id, deploy_id, accepted }) => {
      const subject = event_id === undefined ? (deploy_id ?? '') : `event ${event_id}`;
      const why = accepted === undefined ? '' : ` [not counted: ${accepted}]`;
      return markup`${toPlainTime(time)} ${kind}: ${clean(`${message} ${subject}${why}`)}
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
