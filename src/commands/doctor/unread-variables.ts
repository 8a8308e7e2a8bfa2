import { twinOf } from '../../config/option.ts';
import type { Setting } from '../../config/settings.ts';
import { type DoctorCheck, noted, passed } from '../../core/doctor-check.ts';
import type { Env } from '../../io/io.ts';
import { SETTINGS } from '../all-settings.ts';

const PREFIX = twinOf('');
/** What no flag stands for: what assume-role leaves, the token of GitLab's `id_tokens`, and where the orb puts a Node.js of its own. */
const OTHERS = ['ASSUMED', 'ID_TOKEN', 'NODES'].map(name => `${PREFIX}${name}`);
/** Flags whose value is the name of a variable, which may be called anything. */
const NAMING = ['token-env', 'notify-slack-env'];

/**
 * Whether all variables that are called like ours are read by some command: of one that is not, a slip of the pen leaves a setting at its
 * default, and nothing else would tell.
 *
 * @param settings every setting of every command
 */
export async function checkVariables(env: Env, settings: readonly Setting[]): Promise<DoctorCheck> {
  const named = settings.filter(({ name }) => NAMING.includes(name)).map(({ value }) => value);
  const called = Object.keys(env).filter(
    name => name.startsWith(PREFIX) && env[name] && !OTHERS.includes(name) && !named.includes(name),
  );
  const known = called.length === 0 ? [] : [...Object.keys(SETTINGS).map(twinOf), ...OTHERS];
  const [first, ...others] = called.filter(name => !known.includes(name));
  if (first === undefined) return passed('settings', 'all of them hold');
  const { findNear } = await import('../../core/base/nearest.ts');
  const near = findNear(
    first.slice(PREFIX.length),
    known.map(name => name.slice(PREFIX.length)),
  );
  const [meant] = near.length > 3 ? [] : near;
  const next =
    meant === undefined ? 'take it away, or give it another name' : `did you mean ${PREFIX}${meant}?`;
  return noted(
    'settings',
    'warn',
    `no command reads ${first}`,
    next,
    others.map(name => `nor ${name}`),
  );
}
