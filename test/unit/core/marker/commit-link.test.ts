import { expect, it } from 'vitest';
import { commitLinkOf } from '../../../../src/core/marker/commit-link.ts';

const SHA = 'a1b2c3d4e5';

it.each([
  ['https://github.com/acme/app', undefined, `https://github.com/acme/app/commit/${SHA}`],
  ['git@github.com:acme/app.git', undefined, `https://github.com/acme/app/commit/${SHA}`],
  ['ssh://git@gitlab.com/group/sub/app.git', undefined, `https://gitlab.com/group/sub/app/-/commit/${SHA}`],
  ['bitbucket.org/acme/app', undefined, `https://bitbucket.org/acme/app/commits/${SHA}`],
  ['acme/app', 'https://github.com/acme/app/actions/runs/1', `https://github.com/acme/app/commit/${SHA}`],
  ['acme/app', 'https://git.acme.dev/acme/app/actions/runs/1', `https://git.acme.dev/acme/app/commit/${SHA}`],
  ['acme/sub/app', 'https://lab.dev/acme/sub/app/-/jobs/7', `https://lab.dev/acme/sub/app/-/commit/${SHA}`],
  [
    'acme/app',
    'https://app.circleci.com/pipelines/github/acme/app/7',
    `https://github.com/acme/app/commit/${SHA}`,
  ],
  ['acme/app', 'https://circleci.com/bb/acme/app/7', `https://bitbucket.org/acme/app/commits/${SHA}`],
  ['acme/app', 'https://circleci.com/gh/acme/app/7', `https://github.com/acme/app/commit/${SHA}`],
])('%s, run at %s', (repository, url, link) => {
  expect(commitLinkOf({ git_sha: SHA, repository, ...(url === undefined ? {} : { url }) })).toBe(link);
});

it.each([
  ['acme/app', undefined],
  ['acme/app', 'https://app.circleci.com/pipelines/circleci/9bXm/7yNz/7'],
  ['acme/app', 'https://circleci.com/gh/other/app/7'],
  ['acme/app', 'https://circleci.com/constructor/acme/app/7'],
  ['acme/app', 'https://evil.dev/x/acme/app/actions/runs/1'],
  ['acme/app', 'http://git.dev/acme/app/actions/runs/1'],
  ['acme/app', 'javascript:alert(1)//acme/app/-/'],
  ['https://github.com/acme/../x', undefined],
  ['https://github.com/acme', undefined],
  ['https://example.com/acme/app', undefined],
  ['https://github.com/acme/app?x="><script>', undefined],
  [undefined, 'https://github.com/acme/app/actions/runs/1'],
])('no link where the host is not known: %s, run at %s', (repository, url) => {
  expect(
    commitLinkOf({
      git_sha: SHA,
      ...(repository === undefined ? {} : { repository }),
      ...(url === undefined ? {} : { url }),
    }),
  ).toBeUndefined();
});
