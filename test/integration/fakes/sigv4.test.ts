import { expect, test } from 'vitest';
import { calculateSignature, canonicalRequest, sha256Hex, stringToSign } from '../../fakes/sigv4.ts';

test("the example of AWS's Signature Version 4 documentation gives AWS's published values", () => {
  const scope = { date: '20150830', region: 'us-east-1', service: 'iam' };
  const canonical = canonicalRequest({
    method: 'GET',
    service: 'iam',
    path: '/',
    query: [
      ['Version', '2010-05-08'],
      ['Action', 'ListUsers'],
    ],
    headers: [
      ['x-amz-date', '20150830T123600Z'],
      ['host', 'iam.amazonaws.com'],
      ['content-type', ' application/x-www-form-urlencoded;  charset=utf-8 '],
    ],
    signedHeaders: ['content-type', 'host', 'x-amz-date'],
    payloadHash: sha256Hex(''),
  });
  expect(sha256Hex(canonical)).toBe('f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59');
  const text = stringToSign(canonical, '20150830T123600Z', scope);
  expect(calculateSignature('wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY', scope, text)).toBe(
    '5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
  );
});

test('the canonical path is normalised and encoded twice, as for all services but S3', () => {
  const parts = { method: 'GET', query: [], headers: [], signedHeaders: [], payloadHash: '' };
  const second = (path: string, service: string) =>
    canonicalRequest({ ...parts, service, path }).split('\n')[1];
  expect(second('/', 'iam')).toBe('/');
  expect(second('/a%20b/../c%2Fd//e/', 'iam')).toBe('/c%252Fd/e/');
  expect(second("/a%20b/../c%2Fd//e=(f')/", 's3')).toBe('/a%20b/../c%2Fd//e%3D%28f%27%29/');
});

test('query parameters are sorted by name, then value, and encoded by RFC 3986', () => {
  const canonical = canonicalRequest({
    method: 'GET',
    service: 'iam',
    path: '/',
    query: [
      ['b', "!'()*~ +/é"],
      ['a', '2'],
      ['a', '10'],
      ['B', ''],
    ],
    headers: [],
    signedHeaders: [],
    payloadHash: '',
  });
  expect(canonical.split('\n')[2]).toBe('B=&a=10&a=2&b=%21%27%28%29%2A~%20%2B%2F%C3%A9');
});
