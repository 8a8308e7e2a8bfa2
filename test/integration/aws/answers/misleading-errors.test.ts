import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { toAwsError } from '../../../../src/aws/answers/error-map.ts';
import { createEventHistory } from '../../../../src/aws/cloudtrail/event-history.ts';
import { type AwsServer, startAwsServer } from '../../../fakes/aws-server.ts';

let server: AwsServer;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'misleading-errors-'));
  server = await startAwsServer();
  for (const [name, value] of Object.entries(server.env())) vi.stubEnv(name, value);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server.close();
  await rm(folder, { recursive: true });
});

async function look(region: string, env: Readonly<Record<string, string>>): Promise<unknown> {
  const options = { account: 'this account', region, maxPages: 9, now: Date.now, env, maxAttempts: 1 };
  const query = { from: Date.now() - 60_000, until: Date.now(), services: ['lambda'], component: undefined };
  const { signal } = new AbortController();
  return createEventHistory(options)
    .read(query, () => {}, { signal })
    .catch((error: unknown) => error);
}

describe('what AWS says under the wrong name', () => {
  test('a role of a profile that cannot be assumed is told as that', async () => {
    const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token } = server.env();
    const role =
      'role_arn = arn:aws:iam::999999999999:role/reader\nsource_profile = base\nregion = eu-west-1\n';
    const keys = `aws_access_key_id = ${id}\naws_secret_access_key = ${secret}\naws_session_token = ${token}\n`;
    await writeFile(join(folder, 'config'), `[profile reader]\n${role}[profile base]\n${keys}`);
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'])
      vi.stubEnv(name, undefined);
    vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'));
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'none'));
    vi.stubEnv('AWS_PROFILE', 'reader');
    server.faults.add('AssumeRole', { kind: 'denied' }, 9);
    expect(await look('eu-west-1', {})).toMatchObject({
      code: 'ACCESS_DENIED',
      message: expect.stringMatching(/^AssumeRole failed: AccessDenied: User: /),
      hint: 'allow sts:AssumeRole on the role (--sink-role-arn, --account), and let that role trust the caller',
    });
    expect(server.requests.map(({ operation }) => operation)).toEqual(['AssumeRole']);
  });

  test('a Region that is none is told as that', async () => {
    expect(await look('eu-nowhere-1', server.env())).toMatchObject({
      code: 'ACCESS_DENIED',
      message: expect.stringContaining('scoped to a valid region'),
      hint: 'check --region',
    });
  });

  test.each([
    ['is not authorized to perform: sts:AssumeRoleWithWebIdentity', 'AccessDenied', 'ASSUME_ROLE_DENIED'],
    ['Incorrect token audience', 'InvalidIdentityToken', 'OIDC_TOKEN_REJECTED'],
    ['is not authorized to perform: cloudtrail:LookupEvents', 'AccessDenied', 'ACCESS_DENIED'],
  ])('what STS says of a token (%s) is %s, %s', (message, name, code) => {
    const thrown = Object.assign(new Error(message), { name, $fault: 'client' });
    expect(toAwsError(thrown, { operation: 'LookupEvents' }).code).toBe(code);
  });
});
