import { appendPrivately } from '../file/private.ts';
import { checkVariableName, toExportLine, toGithubEnvLines } from './shell-variable.ts';

/**
 * Sets a variable for the later steps of this job, in a file of shell lines or in the form of `$GITHUB_ENV`.
 *
 * @throws DeployMarkerError USAGE if the name is reserved; FILE_UNWRITABLE.
 */
export async function exportForLaterSteps(
  file: { readonly kind: 'bash-env' | 'github-env'; readonly path: string },
  variable: string,
  value: string,
): Promise<void> {
  checkVariableName(variable);
  const text =
    file.kind === 'bash-env'
      ? toExportLine(variable, value)
      : toGithubEnvLines(variable, value, crypto.randomUUID());
  await appendPrivately(file.path, `${text}\n`);
}
