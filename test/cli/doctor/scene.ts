import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DEFAULT_ISSUER, DEFAULT_ORG_ID } from '../../fakes/aws-state.ts';
import { makeFolder, type RunOptions, type RunResult, runCli } from '../run-cli.ts';

/** One check as `doctor --json` tells it. */
export interface ToldCheck {
  readonly name: string;
  readonly status: string;
  readonly summary: string;
  readonly details?: readonly string[];
  readonly next?: string;
  readonly code?: string;
}

/** One setting as `doctor --json` tells it. */
export interface ToldSetting {
  readonly name: string;
  readonly value: string | null;
  readonly origin: string;
  readonly source: string;
}

/** What a run of `doctor --json` gave. */
export interface Diagnosis extends RunResult {
  readonly settings: readonly ToldSetting[];
  readonly checks: readonly ToldCheck[];
  /** The one check of that name. */
  check(name: string): ToldCheck;
  setting(name: string): ToldSetting | undefined;
}

/** Runs `doctor --json`. */
export async function diagnose(args: readonly string[], options: RunOptions = {}): Promise<Diagnosis> {
  const result = await runCli(['doctor', '--json', ...args], options);
  const report: unknown = JSON.parse(result.stdout || '{}');
  const { settings, checks } = report as Pick<Diagnosis, 'settings' | 'checks'>;
  return {
    ...result,
    settings,
    checks,
    check(name) {
      const [found, second] = checks.filter(each => each.name === name);
      if (found === undefined || second !== undefined)
        throw new Error(`not one check ${name}: ${result.stdout}`);
      return found;
    },
    setting: name => settings.find(each => each.name === name),
  };
}

/** The trust policy that CircleCI documents, for the organisation of the tests' tokens. */
export function trustPolicy(
  conditions: Readonly<Record<string, unknown>> = {},
  account = '123456789012',
): Readonly<Record<string, unknown>> {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'CircleCi',
        Effect: 'Allow',
        Principal: { Federated: `arn:aws:iam::${account}:oidc-provider/${DEFAULT_ISSUER.slice(8)}` },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: {
          StringEquals: { [`${DEFAULT_ISSUER.slice(8)}:aud`]: DEFAULT_ORG_ID },
          StringLike: {
            [`${DEFAULT_ISSUER.slice(8)}:sub`]: `org/${DEFAULT_ORG_ID}/project/7e0c1d2b-0000-4000-8000-00000000aaaa/*/vcs-ref/refs/heads/main`,
            'sts:RoleSessionName': 'ci-prod-*',
          },
          ...conditions,
        },
      },
    ],
  };
}

/** A folder that holds one file of that text, or of that JSON. */
export async function folderWith(name: string, content: unknown): Promise<string> {
  const folder = await makeFolder();
  await writeFile(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  return folder;
}
