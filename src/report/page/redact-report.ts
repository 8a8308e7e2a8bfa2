import type { Report } from '../../core/findings/report.ts';
import type { Clean } from '../plain-text.ts';

/** The report with every text in it cleaned, before anything is escaped or laid out; for as many entries as a page shows. */
export function redactReport(report: Report, clean: Clean): Report {
  return JSON.parse(JSON.stringify(report), (_key, value: unknown) =>
    typeof value === 'string' ? clean(value) : value,
  );
}
