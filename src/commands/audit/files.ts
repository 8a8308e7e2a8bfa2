import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { refuseUtf16, withoutMark } from '../../core/base/json-text.ts';
import { parseComponentScope, type ScopeTest, scopePatterns } from '../../core/component/scope.ts';
import { type Allowance, parseAllowList } from '../../core/findings/allow-list.ts';
import { parseBaseline } from '../../core/findings/memory.ts';
import type { JudgedFile } from '../../core/findings/report.ts';
import { formatUtcTime } from '../../core/time/utc.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { describeFileFault } from '../../io/file/file-fault.ts';
import { requireReportFile } from '../../io/file/report-file.ts';
import type { Io } from '../../io/io.ts';
import { readSmallBytes } from '../../io/small-file.ts';
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
  /** What was read. */
  readonly read: readonly JudgedFile[];
}

/**
 * Reads the files of `--allow`, `--baseline` and `--scope`, and warns of allowances that have ended. Those that are to be written are
 * looked at first: reading a trail may take long, and nobody waits for what cannot be written.
 *
 * @throws DeployMarkerError FILE_UNWRITABLE, INPUT_UNREADABLE, CONFIG_INVALID
 */
export async function readAuditFiles(flags: AuditFlags, context: CommandContext): Promise<AuditFiles> {
  const { allow, baseline, scope } = flags;
  const { io, out } = context;
  for (const path of [flags.junit, flags.html, flags['write-baseline']]) {
    if (path !== undefined) await requireReportFile(resolve(io.cwd, path), path);
  }
  const files: JudgedFile[] = [];
  const read = async (path: string, flag: string): Promise<string> => {
    const bytes = await readBytes(path, flag, io);
    files.push({ flag: flag.slice('--'.length), path, sha256: sha256Of(bytes) });
    const text = withoutMark(bytes.toString());
    refuseUtf16(text, path);
    return text;
  };
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
    read: files,
  };
}

/** What `sha256sum` prints of it. */
export function sha256Of(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('hex');
}

async function readBytes(title: string, flag: string, { cwd, signal }: Io): Promise<Buffer> {
  try {
    return await readSmallBytes(resolve(cwd, title), signal);
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
