import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { quote } from '../../../src/core/base/quote.ts';
import { createRedactor, secretsOfEnvironment } from '../../../src/errors/redactor.ts';
import { toVisible } from '../../../src/errors/visible-text.ts';

const JWT = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJvcmcvMSJ9.c2lnbmF0dXJl';

function redactWith(secrets: readonly (string | undefined)[], text: string): string {
  const redactor = createRedactor();
  for (const secret of secrets) redactor.learn(secret);
  return redactor.redact(text);
}

describe('a redactor', () => {
  test.each<[string, string]>([
    [`token ${JWT} refused`, 'token *** refused'],
    [`Bearer ${JWT}`, 'Bearer ***'],
    [`"${JWT}"`, '"***"'],
    ['eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJvcmcvMSJ9. unsigned', '*** unsigned'],
    ['key AKIAIOSFODNN7EXAMPLE here', 'key *** here'],
    ['key=ASIAIOSFODNN7EXAMPLE', 'key=***'],
    ['twice AKIAIOSFODNN7EXAMPLE AKIAIOSFODNN7EXAMPLE', 'twice *** ***'],
    [`?WebIdentityToken=${JWT}&x=1`, '?WebIdentityToken=***&x=1'],
    [
      'role arn:aws:iam::123456789012:role/deploy in eu-west-1',
      'role arn:aws:iam::123456789012:role/deploy in eu-west-1',
    ],
    ['cut "eyJhbGciOiJSUzI1NiJ9.eyJzdWIi…" there', 'cut "***" there'],
    ['cut eyJhbGciOiJSUzI1NiJ9… there', 'cut *** there'],
    ['eyJ… is short', 'eyJ… is short'],
    ['ASIA and AKIA are prefixes', 'ASIA and AKIA are prefixes'],
  ])('that learned nothing makes of %j %j', (text, clean) => {
    expect(redactWith([], text)).toBe(clean);
  });

  test('takes out what it learned, wherever and however often it stands', () => {
    expect(redactWith(['wJalrXUtnFEMI/K7MDENG'], 'a wJalrXUtnFEMI/K7MDENG b=wJalrXUtnFEMI/K7MDENG.')).toBe(
      'a *** b=***.',
    );
  });

  test('takes it out in its URL form too', () => {
    expect(redactWith(['a/b+c=d e%f'], 'x?k=a%2Fb%2Bc%3Dd%20e%25f&y')).toBe('x?k=***&y');
  });

  test('takes it out in JSON, and where what cannot be seen is made visible', () => {
    const secret = 'pass"word\u202e\\here';
    expect(redactWith([secret], JSON.stringify({ a: secret }))).toBe('{"a":"***"}');
    expect(redactWith([secret], toVisible(secret))).toBe('***');
  });

  test('takes out what an error quotes of a long one', () => {
    const secret = 'wJalrXUtnFEMI/K7MDENG'.repeat(5);
    expect(redactWith([secret], `got ${quote(secret)} here`)).toBe('got "***" here');
  });

  test('leaves short values, nothing and undefined alone', () => {
    expect(redactWith(['', undefined, 'prod', '1234567'], 'prod 1234567')).toBe('prod 1234567');
    expect(redactWith(['12345678'], '12345678')).toBe('***');
  });

  test('a secret with characters special to patterns is taken as it is', () => {
    expect(redactWith(['$&.*+?^{$1}()|[]'], 'a $&.*+?^{$1}()|[] b')).toBe('a *** b');
  });

  test('a secret that begins another one leaves nothing of that', () => {
    expect(redactWith(['abcdefgh', 'abcdefgh-and-the-rest'], 'x abcdefgh-and-the-rest y')).toBe('x *** y');
  });

  test('learns text that no URL can hold', () => {
    expect(redactWith(['\ud800 lonely half'], 'a \ud800 lonely half b')).toBe('a *** b');
  });

  test('shows no secret that it learned, whatever stands around it', () => {
    const secret = fc.string({ unit: fc.constantFrom(...'abAB01+/=%$ é'), minLength: 8, maxLength: 40 });
    fc.assert(
      fc.property(
        fc.array(secret, { minLength: 1, maxLength: 5 }),
        fc.string(),
        fc.string(),
        (secrets, before, after) => {
          for (const shown of secrets) {
            const clean = redactWith(secrets, `${before}|${shown}|${encodeURIComponent(shown)}|${after}`);
            const around = redactWith(secrets, `${before}|***|***|${after}`);
            expect(clean).toBe(around);
          }
        },
      ),
    );
  });
});

test('variables that hold secrets, and the passwords of proxies and endpoints', () => {
  expect(
    secretsOfEnvironment({
      AWS_SECRET_ACCESS_KEY: 'key',
      AWS_CONTAINER_AUTHORIZATION_TOKEN: 'token',
      HTTPS_PROXY: 'http://me:p%40ss@proxy.example:3128',
      http_proxy: 'me:plain@proxy.example',
      ALL_PROXY: 'http://me:%ff@proxy.example',
      AWS_ENDPOINT_URL_STS: 'https://u:inside@sts.example',
      NO_PROXY: 'a:b@c',
      AWS_REGION: 'eu-west-1',
      AWS_ENDPOINT_URL: 'not an address',
    }).filter(Boolean),
  ).toEqual(['key', 'token', 'p%40ss', 'p@ss', 'plain', 'plain', '%ff', '%ff', 'inside', 'inside']);
});
