import { DeployMarkerError, isDeployMarkerError } from '../errors/deploy-marker-error.ts';

/** Does work whose failure is one among others, of which the worst decides in the end. @returns the failure, if there is one */
export async function failuresOf(work: () => Promise<void>): Promise<DeployMarkerError[]> {
  try {
    await work();
    return [];
  } catch (error) {
    if (!isDeployMarkerError(error)) throw error;
    return [error];
  }
}

/** The error with the place that it is about: AWS does not say which store or log group it does not know, nor in which account and Region it refuses. */
export function withTitle(error: DeployMarkerError, title: string): DeployMarkerError {
  const { code, message, hint, problems, cause } = error;
  if (message.includes(title)) return error;
  return new DeployMarkerError(code, `${title}: ${message}`, { hint, problems, cause });
}
