import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Fault } from '../../fakes/faults.ts';
import { startProxy } from '../../fakes/proxy.ts';
import { createTestCertificates } from '../../fakes/tls.ts';
import { errorOf } from '../run-cli.ts';
import { SESSION, startAssumeJob } from './assume-job.ts';

const STDOUT = { printsCredentials: true } as const;
const ENV = ['--output', 'env'];

/** The form of the only request that the server got. */
function formOf(server: { readonly requests: readonly { readonly parsedBody: unknown }[] }): unknown {
  expect(server.requests).toHaveLength(1);
  return server.requests[0]?.parsedBody;
}

describe.concurrent('the request', () => {
  test('is unsigned and has just what was asked for, whatever credentials there are', async () => {
    const { run, role, server, token } = await startAssumeJob();
    const { id, secret, sessionToken } = server.state.defaultKey;
    const env = { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: sessionToken };
    const result = await run([...role, ...ENV], { ...STDOUT, env });
    expect(result).toMatchObject({ code: 0, written: [] });
    expect(formOf(server)).toEqual({
      Action: 'AssumeRoleWithWebIdentity',
      Version: '2011-06-15',
      RoleArn: server.state.defaultRoleArn,
      RoleSessionName: SESSION,
      WebIdentityToken: token,
      DurationSeconds: '3600',
    });
    expect(server.requests[0]?.headers['authorization']).toBeUndefined();
    expect(server.requests[0]?.headers['x-amz-security-token']).toBeUndefined();
    expect(server.requests[0]?.headers['user-agent']).toMatch(/^deploy-marker\//);
  });

  test('carries duration, session policy and managed policies', async () => {
    const { run, role, server, cwd } = await startAssumeJob();
    await writeFile(join(cwd, 'policy.json'), '{\n  "Version": "2012-10-17",\n  "Statement": []\n}\n');
    const arns = ['arn:aws:iam::aws:policy/ReadOnlyAccess', 'arn:aws:iam::111122223333:policy/deploy'];
    const flags = [
      '--duration',
      '900',
      '--policy',
      'policy.json',
      ...arns.flatMap(arn => ['--policy-arn', arn]),
    ];
    expect(await run([...role, ...ENV, ...flags], STDOUT)).toMatchObject({ code: 0 });
    expect(formOf(server)).toMatchObject({
      DurationSeconds: '900',
      Policy: '{"Version":"2012-10-17","Statement":[]}',
      'PolicyArns.member.1.arn': arns[0],
      'PolicyArns.member.2.arn': arns[1],
    });
  });

  test('has a session name composed as session-name does', async () => {
    const { run, server } = await startAssumeJob();
    const flags = ['--role-arn', server.state.defaultRoleArn, '--env', 'prod', '--git-sha', 'A1B2C3D4E5'];
    const env = { CIRCLECI: 'true', CIRCLE_WORKFLOW_ID: 'f0e1d2c3-aaaa', CIRCLE_JOB: 'deploy' };
    expect(await run([...flags, ...ENV], { ...STDOUT, env })).toMatchObject({ code: 0 });
    expect(formOf(server)).toMatchObject({ RoleSessionName: 'ci-prod-f0e1d2c3-deploy-a1b2c3d' });
  });
});

const RETRIED: readonly (readonly [what: string, fault: Fault])[] = [
  ['IDPCommunicationError', { kind: 'error', status: 400, code: 'IDPCommunicationError' }],
  [
    'a verification key that could not be retrieved',
    {
      kind: 'error',
      status: 400,
      code: 'InvalidIdentityToken',
      message:
        "Couldn't retrieve verification key from your identity provider, please reference the documentation",
    },
  ],
  ['throttling', { kind: 'throttle' }],
  ['a server error', { kind: 'error500' }],
  ['a cut connection', { kind: 'reset' }],
];

describe.concurrent('retried', () => {
  test.each(RETRIED)('%s', async (_what, fault) => {
    const { run, role, server } = await startAssumeJob();
    server.faults.add('AssumeRoleWithWebIdentity', fault);
    expect(await run([...role, ...ENV], STDOUT)).toMatchObject({ code: 0 });
    expect(server.requests).toHaveLength(2);
  });

  test.each([
    ...RETRIED.map(([what, fault], index) => {
      const code = ['AWS_UNAVAILABLE', 'AWS_UNAVAILABLE', 'AWS_THROTTLED', 'AWS_UNAVAILABLE', 'NETWORK'];
      return [what, fault, code[index] ?? ''] as const;
    }),
  ])('%s, as often as AWS_MAX_ATTEMPTS says', async (_what, fault, code) => {
    const { run, role, server } = await startAssumeJob();
    server.faults.add('AssumeRoleWithWebIdentity', fault, 9);
    const result = await run([...role, ...ENV, '--debug'], { env: { AWS_MAX_ATTEMPTS: '2' } });
    expect(result).toMatchObject({ code: 4, stdout: '', written: [] });
    expect(errorOf(result).code).toBe(code);
    expect(server.requests).toHaveLength(2);
  });
});

describe.concurrent('not retried', () => {
  test.each([
    ['AccessDenied', 403, 3, 'ASSUME_ROLE_DENIED'],
    ['ExpiredTokenException', 400, 3, 'OIDC_TOKEN_EXPIRED'],
    ['InvalidIdentityToken', 400, 3, 'OIDC_TOKEN_REJECTED'],
    ['IDPRejectedClaim', 403, 3, 'OIDC_TOKEN_REJECTED'],
    ['ValidationError', 400, 4, 'AWS_REJECTED'],
  ])('%s', async (name, status, exit, code) => {
    const { run, role, server, token } = await startAssumeJob();
    // AWS repeats a bad value in its validation errors.
    const message = `Value '${token}' failed`;
    server.faults.add('AssumeRoleWithWebIdentity', { kind: 'error', status, code: name, message });
    const result = await run([...role, ...ENV, '--debug']);
    expect(result).toMatchObject({ code: exit, stdout: '', written: [] });
    expect(result.stderr).toMatch(
      new RegExp(
        `\\nerror: .*Value '\\*{3}' failed.*\\n(  hint: .*\\n)?  code: ${code} \\(exit ${exit}\\)\\n$`,
      ),
    );
    expect(server.requests).toHaveLength(1);
  });

  test('a refusal shows what is compared with the trust policy', async () => {
    const { run, role, server, mint } = await startAssumeJob();
    const sub = 'org/other/project/x';
    const token = mint({ sub, iat: 1_995_696_400, exp: 1_995_700_000 });
    const args = [...role, ...ENV];
    const text = await run(args, { env: { DEPLOY_MARKER_ID_TOKEN: token } });
    const json = await run([...args, '--quiet'], { env: { DEPLOY_MARKER_ID_TOKEN: token } });
    expect(text).toMatchObject({ code: 3, stdout: '' });
    const lines = [
      `role: ${server.state.defaultRoleArn}`,
      `session name: ${SESSION}`,
      'token iss: "https://oidc.circleci.com/org/3cb2b6a5-1f0e-4b8e-9a4b-5d1f0a7c2e11"',
      'token aud: "3cb2b6a5-1f0e-4b8e-9a4b-5d1f0a7c2e11"',
      `token sub: "${sub}"`,
      'token exp: 2033-03-29T09:06:40.000Z',
    ];
    expect(text.stderr).toContain(
      `${['using the OIDC token from DEPLOY_MARKER_ID_TOKEN', ...lines].join('\n')}\nerror: `,
    );
    expect(json.stderr.startsWith(`${lines.join('\n')}\nerror: `)).toBe(true);
    expect(errorOf(text)).toMatchObject({
      code: 'ASSUME_ROLE_DENIED',
      hint: "compare iss, aud and sub with the role's trust policy, and the session name with its conditions",
    });
  });

  test('an answer that is not AWS’s', async () => {
    const { run, role, server } = await startAssumeJob();
    server.faults.add('AssumeRoleWithWebIdentity', { kind: 'garbage' }, 9);
    const result = await run([...role, ...ENV, '--debug'], { env: { AWS_MAX_ATTEMPTS: '1' } });
    expect(result).toMatchObject({ code: 4, stdout: '' });
    expect(errorOf(result).code).toBe('UNEXPECTED_RESPONSE');
  });

  test('SIGTERM ends a call that hangs', async () => {
    let arrived = (): void => {};
    const when = new Promise<void>(resolve => {
      arrived = resolve;
    });
    const { run, role, server, root } = await startAssumeJob({ onRequest: () => arrived() });
    server.faults.add('AssumeRoleWithWebIdentity', { kind: 'hang' });
    const result = await run([...role, '--debug'], {
      env: { BASH_ENV: join(root, 'bash.env') },
      signalAfter: { signal: 'SIGTERM', when },
    });
    expect(result).toMatchObject({ code: 6, signal: null, stdout: '', written: [] });
    expect(errorOf(result)).toMatchObject({ code: 'CANCELLED', message: 'cancelled by SIGTERM' });
  });
});

describe.concurrent('where STS is', () => {
  test.each(['htps://127.0.0.1', 'wss://127.0.0.1', 'localhost'])(
    'a %s endpoint is refused before anything is sent',
    async scheme => {
      const { run, role, server } = await startAssumeJob();
      const AWS_ENDPOINT_URL_STS = `${scheme}:${server.port}`;
      const result = await run([...role, ...ENV], { env: { AWS_ENDPOINT_URL_STS } });
      expect(server.requests).toEqual([]);
      expect(result).toMatchObject({ code: 7, stdout: '' });
      expect(errorOf(result)).toMatchObject({
        code: 'CONFIG_INVALID',
        message: expect.stringContaining('is not an http(s) URL'),
        hint: expect.stringContaining('AWS_ENDPOINT_URL'),
      });
    },
  );

  test('on this machine is not asked in clear through a proxy on another', async () => {
    const { run, role, server } = await startAssumeJob();
    const result = await run([...role, ...ENV], { env: { HTTP_PROXY: 'http://proxy.invalid:3128' } });
    expect(server.requests).toEqual([]);
    expect(result).toMatchObject({ code: 7, stdout: '' });
    expect(errorOf(result)).toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('in clear text'),
      hint: 'name 127.0.0.1 in NO_PROXY',
    });
  });

  test.each(['AWS_ENDPOINT_URL_STS', 'AWS_ENDPOINT_URL'])(
    '%s without TLS off this machine is refused before anything is sent',
    async variable => {
      const { run, role } = await startAssumeJob();
      const proxy = await startProxy({ routes: { 'sts.example.com:80': 9 } });
      const env = {
        AWS_ENDPOINT_URL_STS: undefined,
        [variable]: 'http://sts.example.com',
        HTTP_PROXY: proxy.url,
        HTTPS_PROXY: proxy.url,
      };
      const result = await run([...role, ...ENV], { env });
      expect(proxy.requests).toEqual([]);
      await proxy.close();
      expect(result).toMatchObject({ code: 7, stdout: '' });
      expect(errorOf(result)).toMatchObject({
        code: 'CONFIG_INVALID',
        message:
          'the STS endpoint http://sts.example.com is not encrypted; the token would be sent in clear text',
      });
    },
  );

  test('AWS_CA_BUNDLE makes a private authority trusted, and its absence does not', async () => {
    const { ca, cert, key } = createTestCertificates(['127.0.0.1']);
    const { run, role, root, server } = await startAssumeJob({ tls: { cert, key } });
    const bundle = join(root, 'ca.pem');
    await writeFile(bundle, ca);
    const trusted = await run([...role, ...ENV], { ...STDOUT, env: { AWS_CA_BUNDLE: bundle } });
    expect(trusted).toMatchObject({ code: 0 });
    const foreign = await run([...role, ...ENV, '--debug'], { env: { AWS_MAX_ATTEMPTS: '1' } });
    expect(foreign).toMatchObject({ code: 4, stdout: '' });
    expect(errorOf(foreign).code).toBe('NETWORK');
    expect(server.requests).toHaveLength(1);
  });

  test('HTTPS_PROXY is used, and its password shown nowhere', async () => {
    const { ca, cert, key } = createTestCertificates(['sts.eu-west-1.amazonaws.com']);
    const { run, role, root, server } = await startAssumeJob({ tls: { cert, key } });
    const host = 'sts.eu-west-1.amazonaws.com:443';
    const auth = { user: 'ci', password: 'proxy-Passw0rd' };
    const proxy = await startProxy({ auth, routes: { [host]: server.port } });
    const bundle = join(root, 'ca.pem');
    await writeFile(bundle, ca);
    const env = { AWS_ENDPOINT_URL_STS: undefined, AWS_CA_BUNDLE: bundle, HTTPS_PROXY: proxy.url };
    const result = await run([...role, ...ENV, '--debug'], { ...STDOUT, env });
    expect(result).toMatchObject({ code: 0 });
    expect(proxy.requests).toEqual([
      { kind: 'connect', target: host, method: 'CONNECT', path: '', status: 200 },
    ]);
    expect(result.stdout + result.stderr).not.toContain(auth.password);

    const wrong = proxy.url.replace(auth.password, 'wrong-Passw0rd');
    const refused = await run([...role, ...ENV, '--debug'], {
      env: { ...env, HTTPS_PROXY: wrong, AWS_MAX_ATTEMPTS: '1' },
    });
    await proxy.close();
    expect(refused).toMatchObject({ code: 4, stdout: '' });
    expect(refused.stderr).not.toContain('wrong-Passw0rd');
  });
});

type Refusal = readonly [
  what: string,
  args: readonly string[],
  exit: number,
  code: string,
  message: string | RegExp,
];

describe.concurrent('refuses before asking STS', () => {
  const ROLE = 'arn:aws:iam::111122223333:role/deploy';
  const FLAGS = ['--role-arn', ROLE, '--session-name', SESSION, ...ENV];
  const REFUSALS: readonly Refusal[] = [
    ['no role', ['--session-name', SESSION, ...ENV], 2, 'USAGE', 'the role is not known'],
    [
      'the ARN of a user',
      ['--role-arn', 'arn:aws:iam::111122223333:user/ada', '--session-name', SESSION, ...ENV],
      7,
      'ARN_INVALID',
      '"arn:aws:iam::111122223333:user/ada" is not the ARN of an IAM role (it names iam "user/ada")',
    ],
    [
      'a bad session name',
      ['--role-arn', ROLE, '--session-name', 'ci prod', ...ENV],
      7,
      'SESSION_NAME_INVALID',
      'session name "ci prod" has " " (U+0020) at position 3; STS allows A-Z a-z 0-9 _ + = , . @ -',
    ],
    ['no env', ['--role-arn', ROLE, ...ENV], 2, 'USAGE', 'the environment is not known'],
    ...['899', '43201', 'abc', '1e3', '-900', ' 900'].map(
      (duration): Refusal => [
        `--duration ${duration}`,
        [...FLAGS, `--duration=${duration}`],
        2,
        'USAGE',
        `--duration must be 900 to 43200 seconds, got "${duration}"`,
      ],
    ),
    [
      'eleven managed policies',
      [...FLAGS, ...Array.from({ length: 11 }, (_, i) => `--policy-arn=arn:aws:iam::aws:policy/P${i}`)],
      2,
      'USAGE',
      '--policy-arn is given 11 times; STS takes at most 10',
    ],
    ['an output that is none', [...FLAGS.slice(0, 4), '--output=stdout'], 2, 'USAGE', /--output/],
    [
      'nowhere to leave credentials',
      FLAGS.slice(0, 4),
      2,
      'USAGE',
      'there is nowhere to leave credentials: neither BASH_ENV nor GITHUB_ENV is set',
    ],
    ['bash-env without BASH_ENV', [...FLAGS.slice(0, 4), '--output=bash-env'], 2, 'USAGE', /BASH_ENV/],
    ['profile without --profile', [...FLAGS.slice(0, 4), '--output=profile'], 2, 'USAGE', /needs to know/],
    [
      'a profile with a bracket',
      [...FLAGS.slice(0, 4), '--output=profile', '--profile=a]b'],
      2,
      'USAGE',
      /cannot be a profile/,
    ],
    ['--json and keys', [...FLAGS, '--json'], 2, 'USAGE', /both want stdout/],
    ['a policy that is no file', [...FLAGS, '--policy=none.json'], 2, 'INPUT_UNREADABLE', /none\.json/],
  ];
  test.each(REFUSALS)('%s', async (_what, args, exit, code, message) => {
    const { run, server } = await startAssumeJob();
    const result = await run(args);
    expect(result).toMatchObject({ code: exit, stdout: '', written: [] });
    expect(server.requests).toEqual([]);
    if (args.includes('--json')) {
      expect(JSON.parse(result.stderr)).toMatchObject({
        error: { code, message: expect.stringMatching(message) },
      });
      return;
    }
    const [, said = ''] = /^error: (.*)$/m.exec(result.stderr) ?? [];
    if (typeof message === 'string') expect(said).toBe(message);
    else expect(said).toMatch(message);
    expect(result.stderr).toContain(`\n  code: ${code} (exit ${exit})\n`);
  });

  test('a session policy that is not JSON, which is not repeated', async () => {
    const { run, role, server, cwd } = await startAssumeJob();
    await writeFile(join(cwd, 'p.json'), 'hunter2hunter2');
    const result = await run([...role, ...ENV, '--debug', '--policy', 'p.json']);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(errorOf(result)).toMatchObject({
      code: 'INPUT_UNREADABLE',
      message: `the session policy ${join(cwd, 'p.json')} is not JSON`,
    });
    expect(result.stderr).not.toContain('hunter2');
    expect(server.requests).toEqual([]);
  });

  test('nowhere to leave credentials, and the way to have them in a shell hides them from its trace', async () => {
    const { run, role } = await startAssumeJob();
    const result = await run(role);
    expect(errorOf(result).hint).toMatch(
      /set \+x; creds=.* && eval "\$creds", for a shell under set -x prints/,
    );
  });

  test('a session policy of 2,049 characters', async () => {
    const { run, role, server, cwd } = await startAssumeJob();
    const policy = { Statement: [], Id: 'x'.repeat(2049) };
    await writeFile(join(cwd, 'p.json'), JSON.stringify(policy));
    const result = await run([...role, ...ENV, '--policy', 'p.json']);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(errorOf(result).message).toContain('characters without white space; STS takes at most 2048');
    expect(server.requests).toEqual([]);
  });
});

describe.concurrent('before the token leaves', () => {
  test.each([
    ['arn:aws-cn:iam::111122223333:role/deploy', 'eu-west-1'],
    ['arn:aws:iam::111122223333:role/deploy', 'cn-north-1'],
    ['arn:aws-us-gov:iam::111122223333:role/deploy', undefined],
  ])('%s is not asked for in %s', async (role, AWS_REGION) => {
    const job = await startAssumeJob();
    const args = ['--role-arn', role, '--session-name', SESSION, '--output', 'json'];
    const result = await job.run(args, { env: { AWS_REGION } });
    expect(result).toMatchObject({ code: 7, stdout: '' });
    expect(errorOf(result).message).toContain('is a role of');
    expect(job.server.requests).toEqual([]);
  });

  test("a duration over the role's maximum says what helps", async () => {
    const job = await startAssumeJob();
    const { defaultRoleArn, roles } = job.server.state;
    const role = roles.get(defaultRoleArn);
    if (role === undefined) throw new Error('the server has no role');
    roles.set(defaultRoleArn, { ...role, maxSessionSeconds: 3600 });
    const result = await job.run([...job.role, '--output', 'json', '--duration', '43200']);
    expect(result.code).not.toBe(0);
    expect(errorOf(result).hint).toContain('pass a shorter --duration');
  });
});
