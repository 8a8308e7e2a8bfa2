import { isComposedName } from '../session-name.ts';
import type { Deploy } from './deploy.ts';

/** What deploys of one pipeline run share. A session name of ours stands for one run; others may be used again and again. */
export function pipelineRunOf({ marker, identities: [identity], id }: Deploy): string {
  const { session, role } = identity ?? {};
  if (session !== undefined && isComposedName(session)) return JSON.stringify([session, role]);
  const run = marker.run_id ?? session;
  return run === undefined ? id : JSON.stringify([run, session, marker.git_sha, marker.env]);
}
