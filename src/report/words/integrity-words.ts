import type { Report, ReportIntegrity } from '../../core/findings/report.ts';
import type { JunitSuite } from '../junit-gaps.ts';
import { type Markup, markup } from '../markup.ts';
import { type Clean, count, type Paragraph } from '../plain-text.ts';

/** As many places are told one by one; JSON has them all. */
const MOST_PLACES = 100;

/** Heads what verifying the logs came to. */
const HEAD = 'Logs held against the digests of CloudTrail';

/** What was verified, for a terminal: all together, and the places where something is wrong; nothing where nobody asked. */
export function integrityParagraphs({ integrity }: Report): Paragraph[] {
  if (integrity === undefined) return [];
  const wrong = integrity.filter(({ faults }) => faults > 0);
  const lines = [describeSum(integrity), ...wrong.slice(0, MOST_PLACES).map(describePlace)];
  return [
    { text: HEAD },
    ...lines.map(text => ({ first: '  ', text })),
    ...describeMore(wrong.length - MOST_PLACES).map(text => ({ first: '  ', text })),
  ];
}

/** The same for the page. */
export function renderIntegrity({ integrity }: Report): Markup | undefined {
  if (integrity === undefined) return undefined;
  const items = integrity.slice(0, MOST_PLACES).map(place => markup`<li>${describePlace(place)}</li>`);
  const more = describeMore(integrity.length - MOST_PLACES).map(text => markup`<li>${text}</li>`);
  return markup`<section class="gaps quiet" aria-label="${HEAD}"><strong>${HEAD}</strong><ul><li>${describeSum(integrity)}</li>${items}${more}</ul></section>`;
}

/** The same as a test suite, a case for each account and Region. */
export function toIntegritySuite({ integrity, command }: Report, clean: Clean): JunitSuite | undefined {
  if (integrity === undefined) return undefined;
  return {
    name: `deploy-marker ${command}: logs`,
    tests: integrity.length,
    failures: integrity.filter(({ faults }) => faults > 0).length,
    errors: 0,
    skipped: 0,
    cases: integrity.map(place => {
      const told = clean(describePlace(place));
      const outcome =
        place.faults > 0
          ? markup`<failure type="tampered-log" message="${told}"/>`
          : markup`<system-out>${told}</system-out>`;
      return markup`<testcase classname="${clean(place.source)}" name="${clean(`${place.account} ${place.region}`)}" time="0">${outcome}</testcase>
`;
    }),
  };
}

function describeSum(integrity: readonly ReportIntegrity[]): string {
  const sum = (name: 'digests' | 'logs' | 'pending' | 'faults'): number =>
    integrity.reduce((total, place) => total + place[name], 0);
  return describeFigures({
    digests: sum('digests'),
    logs: sum('logs'),
    pending: sum('pending'),
    faults: sum('faults'),
  });
}

function describePlace(place: ReportIntegrity): string {
  return `${place.account} ${place.region} in ${place.source}: ${describeFigures(place)}`;
}

function describeFigures(figures: Pick<ReportIntegrity, 'digests' | 'logs' | 'pending' | 'faults'>): string {
  const { digests, logs, pending, faults } = figures;
  return [
    `${count(logs, 'log')} and ${count(digests, 'digest')} hold`,
    ...(pending > 0 ? [`${count(pending, 'log')} too new for a digest`] : []),
    ...(faults > 0 ? [`${count(faults, 'object')} tampered with`] : []),
  ].join(', ');
}

function describeMore(left: number): string[] {
  return left > 0 ? [`… and ${count(left, 'more place')}, see --json`] : [];
}
