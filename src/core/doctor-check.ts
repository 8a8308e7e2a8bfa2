import type { ErrorCode } from '../errors/codes.ts';
import { DeployMarkerError } from '../errors/deploy-marker-error.ts';
import { worstOf } from '../errors/render.ts';

/** What came of one check of `doctor`. A check that could not be made is `skipped`, never `ok`. */
export type CheckStatus = 'ok' | 'warn' | 'fail' | 'skipped';

/** One check of `doctor`, and what it found. */
export interface DoctorCheck {
  /** Stable name, for example `session-name`. */
  readonly name: string;
  readonly status: CheckStatus;
  /** What was found, with the value; of a skipped check why it was. */
  readonly summary: string;
  /** Further lines, for example each condition of a trust policy. */
  readonly details?: readonly string[];
  /** What to do next; every check but an `ok` one has it. */
  readonly next?: string;
  /** Of a failed check: what its exit code comes from. */
  readonly code?: ErrorCode;
}

/** A check that found what it should. */
export function passed(name: string, summary: string, details: readonly string[] = []): DoctorCheck {
  return { name, status: 'ok', summary, ...(details.length === 0 ? {} : { details }) };
}

/** A check that found something that may be wrong, or could not be made. */
export function noted(
  name: string,
  status: 'warn' | 'skipped',
  summary: string,
  next: string,
  details: readonly string[] = [],
): DoctorCheck {
  return { ...passed(name, summary, details), status, next };
}

/** A check that found a fault, as the error says that would come of it. */
export function failed(
  name: string,
  { message, hint, code, problems }: DeployMarkerError,
  details: readonly string[] = problems,
): DoctorCheck {
  return { ...passed(name, message, details), status: 'fail', next: hint, code };
}

/** The failure that counts when checks failed: the first by the published order of exit codes. Undefined if none did. */
export function failureOf(checks: readonly DoctorCheck[]): DeployMarkerError | undefined {
  const errors: DeployMarkerError[] = [];
  const names: string[] = [];
  for (const { name, summary, next, code } of checks) {
    if (code === undefined) continue;
    names.push(name);
    errors.push(new DeployMarkerError(code, `${name}: ${summary}`, next === undefined ? {} : { hint: next }));
  }
  const worst = worstOf(errors);
  if (worst === undefined || names.length === 1) return worst;
  return new DeployMarkerError(
    worst.code,
    `${names.length} checks failed (${names.join(', ')}); the most telling is ${worst.message}`,
    { hint: worst.hint },
  );
}
