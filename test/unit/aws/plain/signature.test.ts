import { resolveAwsSdkSigV4Config } from '@aws-sdk/core/httpAuthSchemes';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Sha256 } from '../../../../src/aws/client/sha256.ts';
import { authorize, signRequest } from '../../../../src/aws/plain/signature.ts';

const NO_BODY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const FORM_BODY = '9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e';

// AWS's published test suite of Signature Version 4 (aws-sig-v4-test-suite), and the example of the IAM User Guide.
const credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
};
const suite = {
  method: 'GET',
  path: '/',
  query: {},
  headers: { host: 'example.amazonaws.com', 'x-amz-date': '20150830T123600Z' },
  digest: NO_BODY,
  service: 'service',
};
const form = 'application/x-www-form-urlencoded';
const vectors: [name: string, part: Partial<typeof suite>, signature: string][] = [
  ['get-vanilla', {}, '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
  [
    'get-vanilla-query-order-key-case',
    { query: { Param2: 'value2', Param1: 'value1' } },
    'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
  ],
  [
    'get-unreserved',
    { path: '/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz' },
    '07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f',
  ],
  [
    'get-relative',
    { path: '/example/..' },
    '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
  ],
  ['get-utf8', { path: '/ሴ' }, '8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85'],
  ['post-vanilla', { method: 'POST' }, '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
  [
    'post-header-key-sort',
    { method: 'POST', headers: { ...suite.headers, ...{ 'my-header1': 'value1' } } },
    'c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c',
  ],
  [
    'post-x-www-form-urlencoded',
    { method: 'POST', headers: { ...suite.headers, ...{ 'content-type': form } }, digest: FORM_BODY },
    'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
  ],
  [
    'get-header-value-trim',
    {
      headers: { ...suite.headers, ...{ 'my-header1': ' value1', 'my-header2': ' "a   b   c"' } },
    },
    'acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736',
  ],
  [
    'ListUsers of the IAM User Guide',
    {
      query: { Action: 'ListUsers', Version: '2010-05-08' },
      headers: {
        ...suite.headers,
        ...{ host: 'iam.amazonaws.com', 'content-type': `${form}; charset=utf-8` },
      },
      service: 'iam',
    },
    '5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
  ],
];

describe("AWS's published vectors", () => {
  test.each(vectors)('%s', (_name, part, signature) => {
    const { digest, service, ...request } = { ...suite, ...part };
    const header = authorize(request, digest, { credentials, region: 'us-east-1', service });
    const names = Object.keys(request.headers).sort().join(';');
    expect(header).toBe(
      `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/${service}/aws4_request, SignedHeaders=${names}, Signature=${signature}`,
    );
  });
});

const text = fc.string({ unit: 'grapheme', maxLength: 12 });
// The SDK's signer loses this one: it sets the prototype of its own list.
const queryKey = text.filter(key => key !== '__proto__');
const word = fc.stringMatching(/^[A-Za-z0-9/+=_-]{1,40}$/);
const headerName = fc.oneof(
  fc.stringMatching(/^[a-z][a-z0-9-]{0,14}$/).filter(name => !/^(?:authorization|date|x-amz-.*)$/.test(name)),
  fc.constantFrom(
    'connection',
    'user-agent',
    'x-amzn-trace-id',
    'expect',
    'proxy-x',
    'sec-x',
    'te',
    'x-amz-a',
  ),
);
const headerValue = fc.stringMatching(/^[ \t]{0,2}[!-~ \t]{0,20}$/);
const request = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE'),
  path: fc
    .array(fc.oneof(text.map(encodeURIComponent), fc.constantFrom('', '.', '..', 'a=b', "(x)!'*", '%20')))
    .map(parts => `/${parts.join('/')}`),
  query: fc.dictionary(queryKey, text, { maxKeys: 4, noNullPrototype: true }),
  headers: fc.dictionary(headerName, headerValue, { maxKeys: 5, noNullPrototype: true }),
  body: fc.oneof(fc.string({ unit: 'grapheme' }), fc.uint8Array({ minLength: 1 })),
});
const signing = fc.record({
  credentials: fc.record(
    { accessKeyId: word.filter(id => !id.includes('/')), secretAccessKey: word, sessionToken: word },
    { requiredKeys: ['accessKeyId', 'secretAccessKey'], noNullPrototype: true },
  ),
  region: fc.constantFrom('eu-west-1', 'us-gov-west-1', 'cn-north-1'),
  service: fc.constantFrom('cloudtrail-data', 'iam'),
  time: fc.date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }),
});

test("every request has the signature that the SDK's own signer gives it", async () => {
  await fc.assert(
    fc.asyncProperty(request, signing, async (unsigned, { time, ...scope }) => {
      const headers = { host: 'example.amazonaws.com', ...unsigned.headers };
      const { signer } = resolveAwsSdkSigV4Config({
        ...scope,
        sha256: Sha256,
        serviceId: scope.service,
        defaultSigningName: scope.service,
        useFipsEndpoint: async () => false,
        useDualstackEndpoint: async () => false,
      });
      const theirs = await (await signer()).sign(
        { ...unsigned, headers, protocol: 'https:', hostname: 'example.amazonaws.com' },
        { signingDate: time },
      );
      expect(signRequest({ ...unsigned, headers }, { ...scope, time: time.getTime() })).toEqual(
        theirs.headers,
      );
    }),
    { numRuns: 2000 },
  );
});
