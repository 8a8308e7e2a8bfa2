import type { AssumedRole } from '../../aws/sts/sts.ts';
import { quote } from '../../core/base/quote.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import type { Io } from '../../io/io.ts';
import type { RoleRequest } from './assume-role.ts';

/**
 * What a `credential_process` prints.
 * Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
 */
export function toCredentialProcess({ credentials }: AssumedRole): string {
  return JSON.stringify({
    Version: 1,
    AccessKeyId: credentials.accessKeyId,
    SecretAccessKey: credentials.secretAccessKey,
    SessionToken: credentials.sessionToken,
    Expiration: credentials.expiration?.toISOString(),
  });
}

/**
 * The settings of a profile whose `credential_process` asks for the same role again.
 *
 * @throws DeployMarkerError USAGE if a name or path holds what a profile cannot.
 */
export function toProfileSettings(request: RoleRequest, self: Io['self']): Record<string, string> {
  const command = [
    self.node,
    self.script,
    'assume-role',
    '--quiet',
    '--output=credential-process',
    ...request.repeat,
  ];
  return {
    credential_process: command.map(toProcessWord).join(' '),
    ...(request.region === undefined ? {} : { region: request.region }),
  };
}

/** The AWS CLI splits the command line itself, the SDKs hand it to a shell: double quotes mean the same to both. */
function toProcessWord(word: string): string {
  if (/^[\w+=,.@:/-]+$/.test(word)) return word;
  // A # or ; after white space begins a comment of the file's own syntax, quotes or not.
  if (!/["$`\\!\r\n]|\s[#;]/.test(word)) return `"${word}"`;
  throw new DeployMarkerError('USAGE', `${quote(word)} cannot be written into an AWS profile`, {
    hint: 'use names and paths without quotes, dollar signs, backslashes and line breaks',
  });
}
