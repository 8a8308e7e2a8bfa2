import type { LogFault, LogIntegrity } from '../source/integrity.ts';
import { formatUtcTime } from '../time/utc.ts';
import type { Finding } from './finding.ts';
import type { ReportIntegrity } from './report.ts';

/** What verifying one source came to for one place. */
export interface SourceIntegrity extends LogIntegrity {
  readonly source: string;
}

/** What is wrong with logs, a finding each. It fails whatever anybody accepts: of logs that were changed nothing is known. */
export function findInLogs(integrity: readonly SourceIntegrity[]): Finding[] {
  return integrity.flatMap(({ account, region, faults }) =>
    faults.map(fault => ({
      id: `tampered-log:${fault.object}`,
      kind: 'tampered-log' as const,
      message: describeFault(fault),
      time: formatUtcTime(fault.time),
      component: fault.object,
      account,
      region,
    })),
  );
}

function describeFault({ kind, message }: LogFault): string {
  const what = kind === 'digest' ? 'the digest does not hold' : `the log is ${kind}`;
  return `${what}: ${message}`;
}

/** The same for the report, in the order of its places. */
export function toReportIntegrity(integrity: readonly SourceIntegrity[]): ReportIntegrity[] {
  return integrity.map(({ source, account, region, digests, logs, pending, faults }) => ({
    source,
    account,
    region,
    digests,
    logs,
    pending,
    faults: faults.length,
  }));
}
