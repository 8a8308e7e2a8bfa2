import { HttpProxyAgent } from 'http-proxy-agent';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { describe, expect, test } from 'vitest';
import {
  createProxyAgent,
  findProxy,
  isLoopbackHost,
  isReadOnTheWay,
} from '../../../../src/io/http/proxy-agent.ts';
import type { Env } from '../../../../src/io/io.ts';

const PROXY = 'http://proxy.example:3128';

describe('findProxy', () => {
  test.each<[Env, string, string | undefined]>([
    [{}, 'https://sts.amazonaws.com/', undefined],
    [{ HTTPS_PROXY: PROXY }, 'https://sts.amazonaws.com/', PROXY],
    [{ HTTPS_PROXY: PROXY }, 'http://sts.amazonaws.com/', undefined],
    [{ HTTP_PROXY: PROXY }, 'http://127.0.0.1:8080/', PROXY],
    [{ HTTP_PROXY: PROXY }, 'https://sts.amazonaws.com/', undefined],
    [{ https_proxy: PROXY, HTTPS_PROXY: 'http://other' }, 'https://a.example/', PROXY],
    [{ https_proxy: '', HTTPS_PROXY: PROXY }, 'https://a.example/', PROXY],
    [{ all_proxy: PROXY }, 'https://a.example/', PROXY],
    [{ HTTPS_PROXY: 'proxy.example:3128' }, 'https://a.example/', PROXY],
  ])('%j for %s: %s', (env, url, proxy) => {
    expect(findProxy(env, new URL(url))).toBe(proxy);
  });

  test.each<[string, string, boolean]>([
    ['*', 'https://a.example/', true],
    ['a.example', 'https://a.example/', true],
    ['A.Example', 'https://a.EXAMPLE/', true],
    ['example', 'https://a.example/', true],
    ['.example', 'https://a.example/', true],
    ['*.example', 'https://a.example/', true],
    ['x.test, a.example', 'https://a.example/', true],
    ['x.test a.example', 'https://a.example/', true],
    ['ample', 'https://a.example/', false],
    ['b.example', 'https://a.example/', false],
    ['a.example:443', 'https://a.example/', true],
    ['a.example:444', 'https://a.example/', false],
    ['127.0.0.1', 'https://127.0.0.1:9/', true],
    ['127.0.0.1:9', 'https://127.0.0.1:9/', true],
    ['127.0.0.1:8', 'https://127.0.0.1:9/', false],
    ['::1', 'https://[::1]:9/', true],
    ['[::1]:9', 'https://[::1]:9/', true],
    ['[::1]:8', 'https://[::1]:9/', false],
    [',,', 'https://a.example/', false],
    ['.', 'https://a.example/', false],
    ['', 'https://a.example/', false],
  ])('NO_PROXY %j for %s: %s', (list, url, direct) => {
    const proxy = findProxy({ HTTPS_PROXY: PROXY, NO_PROXY: list }, new URL(url));
    expect(proxy).toBe(direct ? undefined : PROXY);
  });
});

describe('isLoopbackHost', () => {
  test.each([
    ['localhost', true],
    ['LOCALHOST', true],
    ['aws.localhost', true],
    ['127.0.0.1', true],
    ['127.9.9.9', true],
    ['::1', true],
    ['[::1]', true],
    ['0.0.0.0', false],
    ['127.0.0.1.example', false],
    ['localhost.example', false],
    ['notlocalhost', false],
    ['10.0.0.1', false],
    ['169.254.169.254', false],
  ])('%s is this machine: %s', (host, expected) => {
    expect(isLoopbackHost(host)).toBe(expected);
  });
});

describe('isReadOnTheWay', () => {
  test.each<[Env, string, boolean]>([
    [{}, 'https://a.example/', false],
    [{ HTTPS_PROXY: PROXY }, 'https://a.example/', false],
    [{}, 'http://a.example/', true],
    [{ HTTP_PROXY: 'http://127.0.0.1:1' }, 'http://a.example/', true],
    [{}, 'http://127.0.0.1:9/', false],
    [{ HTTP_PROXY: PROXY }, 'http://127.0.0.1:9/', true],
    [{ ALL_PROXY: 'https://proxy.example' }, 'http://localhost:9/', true],
    [{ HTTP_PROXY: PROXY, NO_PROXY: '127.0.0.1' }, 'http://127.0.0.1:9/', false],
    [{ HTTP_PROXY: 'http://127.0.0.1:1' }, 'http://127.0.0.1:9/', false],
    [{ HTTP_PROXY: 'http://[::1]:1' }, 'http://127.0.0.1:9/', false],
    [{ HTTPS_PROXY: PROXY }, 'http://127.0.0.1:9/', false],
  ])('%j for %s: %s', (env, url, expected) => {
    expect(isReadOnTheWay(env, new URL(url))).toBe(expected);
  });

  test('refuses a proxy that is no http(s) URL', () => {
    const ask = () => isReadOnTheWay({ HTTP_PROXY: 'socks5://proxy' }, new URL('http://127.0.0.1/'));
    expect(ask).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });
});

describe('createProxyAgent', () => {
  test('is a tunnel for https and a forwarder for http', async () => {
    const env = { HTTPS_PROXY: PROXY, HTTP_PROXY: PROXY };
    expect(await createProxyAgent(env, new URL('https://a.example/'))).toBeInstanceOf(HttpsProxyAgent);
    expect(await createProxyAgent(env, new URL('http://a.example/'))).toBeInstanceOf(HttpProxyAgent);
    expect(await createProxyAgent({}, new URL('http://a.example/'))).toBeUndefined();
  });

  test.each([
    'socks5://u:hunter2@proxy',
    'http://u:hunter2@[bad',
    'http://',
    'http://u:hunter2%@p',
    'http://%zz:hunter2@p',
  ])('refuses %s unseen', async proxy => {
    const error: unknown = await createProxyAgent(
      { HTTPS_PROXY: proxy },
      new URL('https://a.example/'),
    ).catch(e => e);
    expect(error).toMatchObject({ code: 'CONFIG_INVALID', exitCode: 7 });
    expect(String(error)).not.toContain('hunter2');
  });
});

describe('a user or password that ends the host', () => {
  test.each([
    'user:pa#ss@proxy.example:3128',
    'http://user:1#2@proxy',
    'http://user:a/b@proxy',
    'http://u:p@s?s@proxy',
  ])('%s is refused with what to write', async proxy => {
    const error = await createProxyAgent({ HTTPS_PROXY: proxy }, new URL('https://a.example')).catch(e => e);
    expect(error).toMatchObject({ code: 'CONFIG_INVALID', hint: expect.stringContaining('%23') });
    expect(error.message).not.toContain('proxy.example');
  });

  test('a path alone is none', async () => {
    expect(
      await createProxyAgent({ HTTPS_PROXY: 'http://proxy:1/#x' }, new URL('https://a.example')),
    ).toBeDefined();
  });
});
