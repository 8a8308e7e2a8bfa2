import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SESSION, startAssumeJob } from '../cli/assume-role/assume-job.ts';
import { findAwsCli, runAwsCli } from './aws-cli.ts';
import { normalizeRequest } from './normalize-request.ts';

const cli = findAwsCli(process.env);

test('an AWS CLI >= 1.45 is there, or the checks below are named as skipped (with CI=true they are required)', () => {
  if (typeof cli !== 'string') return;
  if (process.env['CI'] === 'true') expect.fail(`with CI=true the AWS CLI is required: ${cli}`);
  console.log(`SKIPPED: our request to STS equals that of the AWS CLI: ${cli}`);
});

const POLICY =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"größe/*"}]}';
const ARNS = ['arn:aws:iam::aws:policy/ReadOnlyAccess', 'arn:aws:iam::111122223333:policy/a+b=c,d.e@f'];

describe.runIf(typeof cli !== 'string')(
  'our AssumeRoleWithWebIdentity equals the AWS CLI’s',
  { concurrent: true },
  () => {
    test.each([
      ['with the least', [], []],
      [
        'with duration and policies',
        ['--duration', '43200', '--policy', 'policy.json', ...ARNS.flatMap(arn => ['--policy-arn', arn])],
        [
          '--duration-seconds',
          '43200',
          '--policy',
          POLICY,
          '--policy-arns',
          JSON.stringify(ARNS.map(arn => ({ arn }))),
        ],
      ],
    ])('%s', async (_what, ours, theirs) => {
      if (typeof cli === 'string') throw new Error(cli);
      const job = await startAssumeJob();
      await writeFile(join(job.cwd, 'policy.json'), POLICY);
      const result = await job.run([...job.role, '--output', 'env', ...ours], { printsCredentials: true });
      expect(result.code).toBe(0);
      const aws = await runAwsCli(cli, job.server, [
        'sts',
        'assume-role-with-web-identity',
        ...['--role-arn', job.server.state.defaultRoleArn],
        ...['--role-session-name', SESSION],
        ...['--web-identity-token', job.token],
        // We always say how long; the AWS CLI leaves it to STS, whose default is the same.
        ...(theirs.length === 0 ? ['--duration-seconds', '3600'] : theirs),
      ]);
      expect(aws).toMatchObject({ code: 0, stderr: '' });
      const [mine, cliRequest] = job.server.requests.map(normalizeRequest);
      expect(job.server.requests).toHaveLength(2);
      expect(mine).toEqual(cliRequest);
      expect(mine?.signing).toBeNull();
      expect(job.server.violations).toEqual([]);
    });
  },
);
