import type { Env } from '../io.ts';
import { currentProfile, readProfileSetting } from './files.ts';

/** Settings of a profile that one logs in to with `aws sso login`, and of one for `aws login`. */
const LOGINS = { 'aws sso login': ['sso_session', 'sso_start_url'], 'aws login': ['login_session'] } as const;
/** More profiles than anybody chains; a circle ends here, too. */
const MOST_LINKS = 10;

/** A command that logs somebody in. */
export type LoginCommand = keyof typeof LOGINS;

/**
 * The profile that `aws sso login --profile` takes: the current one, or the one further up its `source_profile`, which the AWS CLI
 * does not follow there. Undefined where none of them has such a login.
 */
export function findLoginProfile(env: Env, command: LoginCommand): string | undefined {
  let profile: string | undefined = currentProfile(env);
  for (let link = 0; link < MOST_LINKS && profile !== undefined; link += 1) {
    const own: Env = { ...env, AWS_PROFILE: profile };
    if (LOGINS[command].some(key => readProfileSetting(own, key, 'config') !== undefined)) return profile;
    profile = readProfileSetting(own, 'source_profile', 'config');
  }
  return undefined;
}
