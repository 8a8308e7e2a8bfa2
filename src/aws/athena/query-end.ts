import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { lacksResources } from '../answers/query-run.ts';
import type { AthenaExecution } from '../answers/shapes.ts';

const CUT_OFF = /bytes scanned limit/i;
const DENIED = /access ?denied|permission denied|not authorized|insufficient permissions/i;
const MISSING = /(?:TABLE|SCHEMA|CATALOG)_NOT_FOUND/;
const TIMEOUT = /query timeout|exceeded maximum time limit/i;

/** Whether the same query may fare better if it is run once more. */
export function isTransient({ Status: { StateChangeReason = '', AthenaError } }: AthenaExecution): boolean {
  return AthenaError?.Retryable === true || lacksResources(StateChangeReason);
}

/**
 * The error for a query that ended without a result; Athena tells most of it in words.
 *
 * @see https://docs.aws.amazon.com/athena/latest/ug/error-reference.html
 */
export function toQueryFailure({ Status: status }: AthenaExecution, queryId: string): DeployMarkerError {
  const { State, StateChangeReason, AthenaError } = status;
  const reason = StateChangeReason ?? AthenaError?.ErrorMessage ?? '';
  const why = reason === '' ? '' : `: ${reason}`;
  const message = `the query ${queryId} ended as ${State}${why}`;
  if (CUT_OFF.test(reason)) {
    const hint = "ask for a shorter range with --since and --until, or raise the workgroup's cut-off";
    return new DeployMarkerError('QUERY_FAILED', message, { hint });
  }
  if (TIMEOUT.test(reason)) return new DeployMarkerError('QUERY_TIMED_OUT', message);
  if (DENIED.test(reason)) {
    const hint =
      'allow s3:GetObject and s3:ListBucket on the bucket of the table, and s3:PutObject on that of results';
    return new DeployMarkerError('ACCESS_DENIED', message, { hint });
  }
  if (MISSING.test(reason)) return new DeployMarkerError('TABLE_NOT_FOUND', message);
  if (State === 'CANCELLED') {
    return new DeployMarkerError('QUERY_FAILED', `somebody else stopped the query ${queryId}${why}`, {
      hint: 'run the same command again',
    });
  }
  return new DeployMarkerError('QUERY_FAILED', message);
}
