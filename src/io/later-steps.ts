import { DeployMarkerError } from '../errors/deploy-marker-error.ts';
import type { Env } from './io.ts';
import { appendPrivately } from './private-file.ts';
import { checkVariableName, toExportLine, toGithubEnvLines } from './shell-variable.ts';

/**
 * Sets a variable for the later steps of this job, in `$BASH_ENV` or else in `$GITHUB_ENV`.
 *
 * @throws DeployMarkerError USAGE if there is neither file or the name is reserved; FILE_UNWRITABLE.
 */
export async function exportForLaterSteps(env: Env, variable: string, value: string): Promise<void> {
  checkVariableName(variable);
  if (env['BASH_ENV']) {
    await appendPrivately(env['BASH_ENV'], `${toExportLine(variable, value)}\n`);
  } else if (env['GITHUB_ENV']) {
    await appendPrivately(env['GITHUB_ENV'], `${toGithubEnvLines(variable, value, crypto.randomUUID())}\n`);
  } else {
    throw new DeployMarkerError(
      'USAGE',
      '--export has nowhere to write: neither BASH_ENV nor GITHUB_ENV is set',
      {
        hint: `outside CI use ${variable}="$(deploy-marker session-name …)"`,
      },
    );
  }
}
