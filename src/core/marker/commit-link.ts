import type { Marker } from './marker.ts';

/** Hosts whose pages of commits are known, and the path to one below a repository. */
const COMMIT_PATHS: Readonly<Record<string, string>> = {
  'github.com': 'commit',
  'gitlab.com': '-/commit',
  'bitbucket.org': 'commits',
};
/** What CircleCI calls them in the addresses of its pages. */
const CIRCLECI_HOSTS: Readonly<Record<string, string>> = {
  gh: 'github.com',
  github: 'github.com',
  bb: 'bitbucket.org',
  bitbucket: 'bitbucket.org',
};

const SLUG = /^[\w-][\w.-]*(?:\/[\w-][\w.-]*)+$/;
const ADDRESS = /^(?:(?:https?|ssh):\/\/)?(?:[\w.-]+@)?([\w-]+(?:\.[\w-]+)+)[:/](.+?)(?:\.git)?\/?$/;
const CIRCLECI = /^https:\/\/(?:app\.)?circleci\.com\/(?:pipelines\/)?(\w+)\/([^/]+\/[^/]+)/;

/**
 * The page of a marker's commit, where the host of its repository is known: by the repository's address, or by the page of the CI
 * run, if that is of the same repository. GitHub and GitLab are known on hosts of one's own, too, by the pages of their runs.
 */
export function commitLinkOf({
  git_sha,
  repository,
  url = '',
}: Pick<Marker, 'git_sha' | 'repository' | 'url'>): string | undefined {
  if (repository === undefined) return undefined;
  const base = baseByAddress(repository) ?? baseByRun(repository, url);
  return base === undefined ? undefined : `${base}/${git_sha}`;
}

function baseByAddress(repository: string): string | undefined {
  const [, host = '', path = ''] = ADDRESS.exec(repository) ?? [];
  return baseAt(host.toLowerCase(), path);
}

function baseAt(host: string, path: string): string | undefined {
  const way = Object.hasOwn(COMMIT_PATHS, host) ? COMMIT_PATHS[host] : undefined;
  return way === undefined || !SLUG.test(path) ? undefined : `https://${host}/${path}/${way}`;
}

function baseByRun(repository: string, url: string): string | undefined {
  if (!SLUG.test(repository) || !URL.canParse(url)) return undefined;
  const [, system = '', project] = CIRCLECI.exec(url) ?? [];
  if (project === repository) {
    return baseAt(Object.hasOwn(CIRCLECI_HOSTS, system) ? (CIRCLECI_HOSTS[system] ?? '') : '', repository);
  }
  const { origin, pathname, protocol } = new URL(url);
  if (protocol !== 'https:') return undefined;
  if (pathname.startsWith(`/${repository}/actions/runs/`)) return `${origin}/${repository}/commit`;
  return pathname.startsWith(`/${repository}/-/`) ? `${origin}/${repository}/-/commit` : undefined;
}
