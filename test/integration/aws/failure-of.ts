import { DeployMarkerError } from '../../../src/errors/deploy-marker-error.ts';

/** The error that work ends with. @throws Error where there is none, or one that is not ours */
export async function failureOf(work: Promise<unknown>): Promise<DeployMarkerError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof DeployMarkerError) return error;
  throw new Error(`no failure of ours: ${String(error)}`);
}
