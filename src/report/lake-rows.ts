import { cellWidth, LINE_CELLS, pad, shorten } from './plain-text.ts';

type Row = Readonly<Record<string, string>>;

const TIME_LENGTH = 'yyyy-mm-dd hh:mm:ss'.length;

/** The rows of the correlation statement as lines of {@link LINE_CELLS} at most: each deploy, and below it its changes. */
export function formatCorrelationRows(rows: readonly Row[]): string[] {
  if (rows.length === 0) return ['no deploys'];
  const lines: string[] = [];
  let previous: string | undefined;
  for (const row of rows) {
    const deploy = `${row['deploy_id']} ${row['component']}`;
    if (deploy !== previous) lines.push(formatDeploy(row));
    previous = deploy;
    lines.push(row['event_id'] === undefined ? '  no change' : formatChange(row));
  }
  return lines;
}

function formatDeploy(row: Row): string {
  const { deployed_at: ended, started_at: started, status = '', git_sha: sha = '', component = '' } = row;
  const time = pad(toSeconds(ended ?? started), TIME_LENGTH);
  return fill(`${time}  ${pad(status, 8)}  ${shorten(sha.slice(0, 7), 7)}  `, component);
}

function formatChange({
  event_time,
  event_name = '',
  rule = '',
  standing,
  changed,
  component,
  actor = '',
}: Row): string {
  const how = standing === 'coincident' || standing === 'ambiguous' ? standing : rule;
  const what = changed === component ? event_name : `${event_name} ${changed}`;
  const time = pad(toSeconds(event_time).slice('yyyy-'.length), 'mm-dd hh:mm:ss'.length);
  // Session or user.
  return fill(
    `  ${time}  ${pad(what, 27)}  ${pad(how, 10)}  `,
    actor.replace(/^.*[/:]/s, '') || '(no identity)',
  );
}

function fill(start: string, text: string): string {
  return start + shorten(text, LINE_CELLS - cellWidth(start));
}

function toSeconds(text = ''): string {
  return text.slice(0, TIME_LENGTH);
}
