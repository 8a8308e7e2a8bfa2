import { describe, expect, test } from 'vitest';
import { toPageUrl, toRepository } from '../../../src/ci/web-address.ts';

describe('toRepository', () => {
  test.each([
    ['acme/app', 'acme/app'],
    ['acme/team/app', 'acme/team/app'],
    ['acme/app.git', 'acme/app'],
    ['git@github.com:acme/app.git', 'acme/app'],
    ['github.com:acme/app', 'acme/app'],
    ['work-alias:acme/app.git', 'acme/app'],
    ['git:hunter2@github.com:acme/app', 'acme/app'],
    ['https://github.com/acme/app.git', 'acme/app'],
    ['https://github.com/acme/app/', 'acme/app'],
    ['https://x-access-token:hunter2@github.com/acme/app.git', 'acme/app'],
    ['https://hunter2@github.com/acme/app.git', 'acme/app'],
    ['https://github.com/acme/app?private_token=hunter2#hunter2', 'acme/app'],
    ['ssh://git@github.com:22/acme/app.git', 'acme/app'],
    ['git+ssh://git@github.com/acme/app.git', 'acme/app'],
    ['https://user:hunter2@git.example:8443/app.git', 'https://git.example/app'],
    ['git@git.example:app.git', 'ssh://git.example/app'],
    ['javascript:alert(1)', 'ssh://javascript/alert(1)'],
    ['\n https://github.com/acme/app \n', 'acme/app'],
  ])('%j is %j', (address, repository) => {
    expect(toRepository(address)).toBe(repository);
  });

  test.each([
    undefined,
    '',
    '  ',
    'app',
    '/srv/git/app.git',
    './app',
    '../acme/app',
    'C:\\code\\app',
    'C:/code/app',
    'file:///srv/git/app.git',
    'https://',
    'https://github.com/',
    'https://user:hunter2@[bad/acme/app',
    'https://mirror.example/user:hunter2@github.com/acme/app',
    'git:hunter2@acme/app',
    'ac me/app',
  ])('%j is left out', address => {
    expect(toRepository(address)).toBeUndefined();
  });
});

describe('toPageUrl', () => {
  test.each([
    ['https://ci.example/job/1#x', 'https://ci.example/job/1#x'],
    ['https://user:hunter2@ci.example/job/1', 'https://ci.example/job/1'],
    ['http://ci.internal:8080/job', 'http://ci.internal:8080/job'],
    ['javascript:alert(1)', undefined],
    ['ci.example/job', undefined],
    [undefined, undefined],
  ])('%j is %j', (address, url) => {
    expect(toPageUrl(address)).toBe(url);
  });
});
