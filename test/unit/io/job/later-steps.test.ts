import { execFileSync } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { exportForLaterSteps } from '../../../../src/io/job/later-steps.ts';
import { useScratchFolder } from '../scratch-folder.ts';

const at = useScratchFolder();

describe('exportForLaterSteps', () => {
  test('appends shell lines', async () => {
    await exportForLaterSteps({ kind: 'bash-env', path: at('bash') }, 'NAME', "$(touch pwned)'");
    expect(
      execFileSync('/bin/bash', ['-c', 'printf %s "$NAME"'], {
        env: { BASH_ENV: at('bash') },
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'inherit'],
      }),
    ).toBe("$(touch pwned)'");
    expect((await stat(at('bash'))).mode & 0o777).toBe(0o600);
  });

  test('appends in the form of $GITHUB_ENV', async () => {
    const file = { kind: 'github-env', path: at('github') } as const;
    await exportForLaterSteps(file, 'NAME', 'a');
    await exportForLaterSteps(file, 'OTHER', 'b\nc');
    expect(await readFile(at('github'), 'utf8')).toMatch(/^NAME=a\nOTHER<<([0-9a-f-]{36})\nb\nc\n\1\n$/);
  });

  test('checks the name before it writes', async () => {
    const file = { kind: 'bash-env', path: at('bash') } as const;
    await expect(exportForLaterSteps(file, 'PATH', 'a')).rejects.toMatchObject({ code: 'USAGE' });
    await expect(stat(at('bash'))).rejects.toThrow('ENOENT');
  });
});
