import { AssumeRoleWithWebIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { describe, expect, test } from 'vitest';
import { readFields, readRefusal } from '../../../../src/aws/sts/query-answer.ts';
import { readWebIdentityAnswer } from '../../../../src/aws/sts/web-identity-answer.ts';

const NAME = 'AssumeRoleWithWebIdentity';
const ARN = 'arn:aws:sts::111122223333:assumed-role/deploy/ci';
const KEYS =
  '<AccessKeyId>ASIAX</AccessKeyId><SecretAccessKey>a+b/&amp;c</SecretAccessKey><SessionToken>t==</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>';
const USER = `<AssumedRoleUser><Arn>${ARN}</Arn><AssumedRoleId>AROA:x</AssumedRoleId></AssumedRoleUser>`;

function wrap(result: string): string {
  return `<${NAME}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/">\n  <${NAME}Result>${result}</${NAME}Result>\n</${NAME}Response>`;
}

/** What the SDK's own client makes of the same answer. */
async function askSdk(body: string, statusCode = 200): Promise<unknown> {
  const client = new STSClient({
    region: 'eu-west-1',
    maxAttempts: 1,
    requestHandler: {
      metadata: { handlerProtocol: 'http/1.1' },
      handle: async () => ({
        response: { statusCode, headers: {}, reason: '', body: new TextEncoder().encode(body) },
      }),
    },
  });
  const input = { RoleArn: 'arn:aws:iam::111122223333:role/deploy', RoleSessionName: 'ci' };
  return client.send(new AssumeRoleWithWebIdentityCommand({ ...input, WebIdentityToken: 'a.b.c' }));
}

describe('an answer is read as the SDK reads it', () => {
  test.each([
    ['plain', wrap(`<Credentials>${KEYS}</Credentials>${USER}`)],
    ['with more', wrap(`${USER}<Credentials>${KEYS}</Credentials><Audience>a &lt; b &#x41;</Audience>`)],
    ['over lines', wrap(`\n<Credentials>\n${KEYS}\n</Credentials>\n\n${USER}\n`)],
    [
      'with attributes',
      wrap(`<Credentials>${KEYS.replace('<AccessKeyId>', '<AccessKeyId a="b">')}</Credentials>${USER}`),
    ],
    [
      'with a part as it is',
      wrap(`<Credentials>${KEYS.replace('t==', '<![CDATA[t<>==]]>')}</Credentials>${USER}`),
    ],
    ['of an offset', wrap(`<Credentials>${KEYS.replace('00Z', '00.250+02:00')}</Credentials>${USER}`)],
    [
      'with a prologue',
      `<?xml version="1.0"?><!-- a -->${wrap(`<Credentials>${KEYS}</Credentials>${USER}`)}`,
    ],
  ])('%s', async (_what, body) => {
    const own = await readWebIdentityAnswer(readFields(body, `${NAME}Result`));
    expect(await askSdk(body)).toMatchObject(own);
    expect(own.Credentials.Expiration).toBeInstanceOf(Date);
  });
});

describe('an answer that is none', () => {
  test.each([
    ['nothing', ''],
    ['a root', '<a/>'],
    ['a text', '<a>b</a>'],
    ['another result', wrap(USER).replaceAll(`${NAME}Result`, 'OtherResult')],
    ['keys twice', wrap(`<Credentials>${KEYS}</Credentials><Credentials>${KEYS}</Credentials>${USER}`)],
    ['one key twice', wrap(`<Credentials>${KEYS}<SessionToken>u</SessionToken></Credentials>${USER}`)],
    ['an empty key', wrap(`<Credentials>${KEYS.replace('t==', '')}</Credentials>${USER}`)],
    [
      'no time',
      wrap(`<Credentials>${KEYS.replace('2099-01-01T00:00:00Z', 'tomorrow')}</Credentials>${USER}`),
    ],
    ['a name of every object', wrap(`<__proto__>${KEYS}</__proto__><Credentials/>${USER}`)],
  ])('%s', async (_what, body) => {
    const read = async () => readWebIdentityAnswer(readFields(body, `${NAME}Result`));
    await expect(read()).rejects.toMatchObject({ code: 'UNEXPECTED_RESPONSE' });
  });

  test.each([
    ['<a>'],
    ['text'],
    ['<a><b></a>'],
    ['<html><body>Wi-Fi</body>'],
    ['<!DOCTYPE a [<!ENTITY b "c">'],
    [`${'<a>'.repeat(1e5)}`],
  ])('no XML: %.30s', body => {
    expect(() => readFields(body, 'a')).toThrow();
    expect(() => readRefusal({ statusCode: 400, reason: '', headers: {} }, body)).toThrow();
  });

  test('knows no entity but those of characters', () => {
    const body =
      '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a><aResult><c>&b;&amp;</c></aResult></a>';
    expect(readFields(body, 'aResult')).toEqual({ c: '&' });
  });
});

describe('a refusal is read as the SDK reads it', () => {
  test.each([
    [
      '<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>Not &lt;you&gt;</Message></Error><RequestId>r</RequestId></ErrorResponse>',
      403,
    ],
    [
      '<ErrorResponse><Error><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>',
      400,
    ],
    [
      '<Response><Errors><Error><Code>InternalFailure</Code><Message>x</Message></Error></Errors></Response>',
      500,
    ],
    [
      '<ErrorResponse><Error><Code>PackedPolicyTooLarge</Code><Message>x</Message></Error></ErrorResponse>',
      400,
    ],
    ['<a/>', 404],
    ['', 503],
    ['<html>no</html>', 400],
  ])('%s', async (body, statusCode) => {
    const theirs = await askSdk(body, statusCode).catch((error: unknown) => error);
    const own = readRefusal({ statusCode, reason: '', headers: {} }, body);
    expect(theirs).toMatchObject({ message: own.message, $fault: own.$fault });
    // The SDK appends a word to some names.
    expect(theirs).toMatchObject({ name: expect.stringMatching(new RegExp(`^${own.name}(?:Exception)?$`)) });
  });
});
