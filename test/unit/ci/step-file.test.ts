import { describe, expect, test } from 'vitest';
import { findStepFile } from '../../../src/ci/step-file.ts';

const BASH = { kind: 'bash-env', path: '/b' };
const GITHUB = { kind: 'github-env', path: '/g' };
const BOTH = { BASH_ENV: '/b', GITHUB_ENV: '/g' };

describe('the file for later steps', () => {
  test.each([
    ['$GITHUB_ENV in a GitHub job, whatever BASH_ENV says', { ...BOTH, GITHUB_ACTIONS: 'true' }, GITHUB],
    ['$BASH_ENV elsewhere', BOTH, BASH],
    ['$BASH_ENV in a CircleCI job', { ...BOTH, CI: 'true', CIRCLECI: 'true' }, BASH],
    ['$GITHUB_ENV where there is no other', { BASH_ENV: '', GITHUB_ENV: '/g' }, GITHUB],
    ['$BASH_ENV in a GitHub job without the other', { BASH_ENV: '/b', GITHUB_ACTIONS: 'true' }, BASH],
    ['none where neither is set', { GITHUB_ACTIONS: 'true' }, undefined],
  ])('is %s', (_what, env, file) => {
    expect(findStepFile(env)).toEqual(file);
  });
});
