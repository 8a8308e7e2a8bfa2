import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import type { EmitFlags } from './fields.ts';

/** What `investigate` prints to be pasted has words in capitals for what only a person knows. @throws DeployMarkerError USAGE */
export function requireOwnWords({ env, reason }: EmitFlags): void {
  const left = env === 'ENV' ? '--env ENV' : reason === 'TEXT' ? '--reason TEXT' : undefined;
  if (left === undefined) return;
  throw new DeployMarkerError('USAGE', `${left} still has the word that stands for your own`, {
    hint: left.startsWith('--env') ? 'name the environment, such as prod' : 'say why the change was right',
  });
}
