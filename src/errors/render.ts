import { DeployMarkerError, isDeployMarkerError } from './deploy-marker-error.ts';
import { EXIT_PRIORITY } from './exit-codes.ts';
import { escapeUnseen, toOneLine } from './visible.ts';

/** Whatever was caught, as our error; what we did not foresee is INTERNAL. */
export function toDeployMarkerError(error: unknown): DeployMarkerError {
  if (isDeployMarkerError(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new DeployMarkerError('INTERNAL', `unexpected failure: ${message}`, { cause: error });
}

/** The failure that counts when several happened: the first by the published order of exit codes. */
export function worstOf(errors: readonly DeployMarkerError[]): DeployMarkerError | undefined {
  const rank = (error: DeployMarkerError): number => EXIT_PRIORITY.indexOf(error.exitCode);
  return [...errors].sort((a, b) => rank(a) - rank(b))[0];
}

/** An error in three lines: what and why, the next step, the code. Where there is a list of problems, it comes first. */
export function renderError(error: DeployMarkerError, severity: 'error' | 'warning' = 'error'): string {
  const lines = [
    ...error.problems.map(toOneLine),
    `${severity}: ${toOneLine(error.message)}`,
    `  hint: ${toOneLine(error.hint)}`,
    `  code: ${error.code} (exit ${error.exitCode})`,
  ];
  return `${lines.join('\n')}\n`;
}

/** An error as one JSON object on one line. */
export function renderErrorJson(error: DeployMarkerError, severity: 'error' | 'warning' = 'error'): string {
  const { code, message, hint, exitCode, retryable, problems } = error;
  const list = problems.length === 0 ? {} : { problems };
  const json = JSON.stringify({ [severity]: { code, message, hint, exitCode, retryable, ...list } });
  return `${escapeUnseen(json)}\n`;
}

/** The stacks of an error and its causes, for `--debug`. */
export function renderStacks(error: unknown): string {
  const stacks: string[] = [];
  for (let at: unknown = error; at instanceof Error && stacks.length < 8; at = at.cause) {
    stacks.push(at.stack ?? `${at.name}: ${at.message}`);
  }
  return stacks.length === 0 ? '' : `${stacks.join('\ncaused by ')}\n`;
}
