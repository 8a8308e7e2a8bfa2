import { resolve } from 'node:path';
import { parseComponentScope, type ScopeTest, scopePatterns } from '../../core/component/scope.ts';
import { type Allowance, parseAllowList } from '../../core/findings/allow-list.ts';
import { parseBaseline } from '../../core/findings/memory.ts';
import { formatUtcTime } from '../../core/time/utc.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { describeFileFault } from '../../io/file/file-fault.ts';
import type { Io } from '../../io/io.ts';
import { readSmallFile } from '../../io/small-file.ts';
import type { CommandContext } from '../command.ts';
import type { AuditFlags } from './audit.flags.ts';

/** What files say about findings. */
export interface AuditFiles {
  /** Those that have not ended. */
  readonly allowances: readonly Allowance[];
  /** Ids of accepted findings. */
  readonly baseline: ReadonlySet<string>;
  readonly isInScope: ScopeTest;
  /** The patterns behind it; none where all components count. */
  readonly scope: readonly string[];
}

/**
 * Reads the files of `--allow`, `--baseline` and `--scope`, and warns of allowances that have ended.
 *
 * @throws DeployMarkerError INPUT_UNREADABLE, CONFIG_INVALID
 */
export async function readAuditFiles(flags: AuditFlags, context: CommandContext): Promise<AuditFiles> {
  const { allow, baseline, scope } = flags;
  const { io, out } = context;
  const read = (path: string, flag: string): Promise<string> => readText(path, flag, io);
  const allowances = allow === undefined ? [] : parseAllowList(await read(allow, '--allow'), allow);
  for (const { what, why, until } of allowances.filter(each => each.until <= io.now())) {
    out.warn(`the allowance of ${what} (${why}) ended at ${formatUtcTime(until)}`);
  }
  const scopeText = scope === undefined ? undefined : await read(scope, '--scope');
  return {
    allowances: allowances.filter(({ until }) => until > io.now()),
    baseline:
      baseline === undefined ? new Set() : parseBaseline(await read(baseline, '--baseline'), baseline),
    isInScope: scopeText === undefined ? () => true : parseComponentScope(scopeText, scope ?? ''),
    scope: scopeText === undefined ? [] : scopePatterns(scopeText),
  };
}

async function readText(title: string, flag: string, { cwd, signal }: Io): Promise<string> {
  try {
    return await readSmallFile(resolve(cwd, title), signal);
  } catch (error) {
    signal.throwIfAborted();
    const hint =
      flag === '--baseline'
        ? `make it with --write-baseline ${title}`
        : `name a file that you may read with ${flag}`;
    throw new DeployMarkerError(
      'INPUT_UNREADABLE',
      `${title} cannot be read: ${describeFileFault(error, 'read')}`,
      {
        hint,
        cause: error,
      },
    );
  }
}
