import { execFileSync } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { exportForLaterSteps } from '../../../src/io/later-steps.ts';
import { useScratchFolder } from './scratch-folder.ts';

const at = useScratchFolder();

describe('exportForLaterSteps', () => {
  test('appends to $BASH_ENV, which comes first', async () => {
    await exportForLaterSteps({ BASH_ENV: at('bash'), GITHUB_ENV: at('github') }, 'NAME', "$(touch pwned)'");
    expect(
      execFileSync('/bin/bash', ['-c', 'printf %s "$NAME"'], {
        env: { BASH_ENV: at('bash') },
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'inherit'],
      }),
    ).toBe("$(touch pwned)'");
    await expect(stat(at('github'))).rejects.toThrow('ENOENT');
    expect((await stat(at('bash'))).mode & 0o777).toBe(0o600);
  });

  test('appends to $GITHUB_ENV where there is no $BASH_ENV', async () => {
    await exportForLaterSteps({ BASH_ENV: '', GITHUB_ENV: at('github') }, 'NAME', 'a');
    await exportForLaterSteps({ GITHUB_ENV: at('github') }, 'OTHER', 'b\nc');
    expect(await readFile(at('github'), 'utf8')).toMatch(/^NAME=a\nOTHER<<([0-9a-f-]{36})\nb\nc\n\1\n$/);
  });

  test('has nowhere to write outside CI', async () => {
    await expect(exportForLaterSteps({}, 'NAME', 'a')).rejects.toMatchObject({
      code: 'USAGE',
      exitCode: 2,
      message: '--export has nowhere to write: neither BASH_ENV nor GITHUB_ENV is set',
    });
  });

  test('checks the name before it writes', async () => {
    await expect(exportForLaterSteps({ BASH_ENV: at('bash') }, 'PATH', 'a')).rejects.toMatchObject({
      code: 'USAGE',
    });
    await expect(stat(at('bash'))).rejects.toThrow('ENOENT');
  });
});
