import { type DeployMarkerError, isDeployMarkerError } from '../errors/deploy-marker-error.ts';

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
