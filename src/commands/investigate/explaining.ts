import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { FALLBACK_FILE } from '../../config/config-file.ts';

/** What a shell takes as it stands. */
const PLAIN = /^[\w./:@=+-]+$/;

/**
 * The flags of `emit` that put an explanation where an audit will read it: into the first place that the markers come from. Of a store
 * of Lake the channel is not known, nor the bucket of a table: names in capitals stand for them. Where no markers were named, into the
 * place that settings have `emit` write to, which takes no flag, or into the file that is read where nothing is named.
 */
export function sinkFlagsOf(markers: readonly string[], isConfigured: boolean, cwd: string): string {
  const [source] = markers;
  if (source === undefined) return isConfigured ? '' : ` --file ${FALLBACK_FILE}`;
  const [flag, value] = sinkOf(source, cwd);
  return ` ${flag} ${PLAIN.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`}`;
}

function sinkOf(source: string, cwd: string): readonly [flag: string, value: string] {
  if (source.startsWith('logs:')) return ['--log-group', source.slice('logs:'.length)];
  if (/^s3:/i.test(source)) return ['--bucket', source];
  if (source.startsWith('lake:')) return ['--channel-arn', 'CHANNEL_ARN'];
  if (source.startsWith('athena:')) return ['--bucket', 's3://BUCKET/PREFIX'];
  const isFolder = statSync(resolve(cwd, source), { throwIfNoEntry: false })?.isDirectory() === true;
  return ['--file', isFolder ? join(source, 'explained.jsonl') : source];
}
