import type { Env } from '../io/io.ts';
import type { CiFacts, CiProvider } from './provider.ts';
import { buildkite } from './systems/buildkite.ts';
import { circleci } from './systems/circleci.ts';
import { githubActions } from './systems/github-actions.ts';
import { gitlab } from './systems/gitlab.ts';
import { unknownCi } from './systems/unknown-ci.ts';

/** Every CI system we know, in the order of asking; the catch-all is last. */
export const CI_PROVIDERS: readonly CiProvider[] = [circleci, githubActions, gitlab, buildkite, unknownCi];

/** What the CI system of this environment tells, or nothing outside CI. Never throws. */
export function detectCi(env: Env): CiFacts | undefined {
  return CI_PROVIDERS.find(provider => provider.detect(env))?.describe(env);
}
