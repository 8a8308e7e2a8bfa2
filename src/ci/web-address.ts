// Clone URLs of CI jobs often carry a token (GitLab's CI_REPOSITORY_URL always does), so nothing is passed on
// here that was not understood: what is neither a URL nor an scp-like address is left out.

/** `user@host:path`, git's scp-like form. A host of one letter is a Windows drive. */
const SCP_ADDRESS = /^(?:[^@/\s]+@)?([^@:/\s]{2,}):(?!\/\/)([^@:\s]+)$/;

/** `owner/name`, with groups between as GitLab has them. */
const SLUG = /^[^@:/\s\\]+(?:\/[^@:/\s\\]+)+$/;

const GIT_PROTOCOLS: readonly string[] = ['http:', 'https:', 'ssh:', 'git:', 'git+ssh:', 'git+https:'];

/**
 * The repository that a slug or a clone address names: `owner/name`, or `scheme://host/name` where the path has
 * one part only. Credentials, query, port and `.git` are dropped; a local path or anything malformed gives nothing.
 */
export function toRepository(address: string | undefined): string | undefined {
  const text = address?.trim();
  if (text === undefined || text === '') return undefined;
  if (SLUG.test(text) && !text.startsWith('.')) return cleanPath(text);
  const scp = SCP_ADDRESS.exec(text);
  if (scp?.[1] !== undefined && scp[2] !== undefined) return locate('ssh:', scp[1], scp[2]);
  const url = parseUrl(text);
  if (url === undefined || !GIT_PROTOCOLS.includes(url.protocol)) return undefined;
  return locate(url.protocol, url.hostname, url.pathname);
}

/** An http(s) URL without credentials; anything else gives nothing. */
export function toPageUrl(address: string | undefined): string | undefined {
  return parsePage(address)?.href;
}

/**
 * The page at a path below an http(s) address, opened at an anchor; the address's credentials, query and fragment are
 * dropped, and nothing in path or anchor can bring them back.
 */
export function toPageBelow(address: string | undefined, path: string, anchor = ''): string | undefined {
  const url = parsePage(address);
  if (url === undefined) return undefined;
  url.search = '';
  // The setters escape what does not belong, and unlike encodeURIComponent they take any string.
  url.pathname = path === '' ? url.pathname : `${url.pathname.replace(/\/+$/, '')}/${path}`;
  url.hash = anchor;
  return url.href;
}

function parsePage(address: string | undefined): URL | undefined {
  const url = address === undefined ? undefined : parseUrl(address.trim());
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:')) return undefined;
  url.username = '';
  url.password = '';
  return url;
}

function locate(protocol: string, host: string, path: string): string | undefined {
  const clean = cleanPath(path);
  // An `@` in a path is a second address inside the first one, as some mirrors have it; it may bring a login along.
  if (clean === '' || clean.includes('@') || host === '') return undefined;
  return clean.includes('/') ? clean : `${protocol}//${host}/${clean}`;
}

function cleanPath(path: string): string {
  return path.replace(/^\/+|\/+$/g, '').replace(/\.git$/, '');
}

function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}
