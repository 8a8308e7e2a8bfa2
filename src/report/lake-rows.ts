import { describeIdentityArn } from '../core/change/actor-text.ts';
import { type Clean, layOut, type Paragraph, pad } from './plain-text.ts';

type Row = Readonly<Record<string, string>>;

/**
 * The rows of the correlation statement for a terminal: each deploy, and below it its changes.
 *
 * @param clean takes out what must not be shown; by default nothing
 */
export function renderCorrelationRows(rows: readonly Row[], clean: Clean = text => text): string {
  if (rows.length === 0) return 'no deploys\n';
  const paragraphs: Paragraph[] = [];
  let previous: string | undefined;
  for (const row of rows) {
    const deploy = JSON.stringify([row['deploy_id'], row['component']]);
    if (deploy !== previous) paragraphs.push(toDeploy(row));
    previous = deploy;
    if (row['event_id'] === undefined) paragraphs.push({ text: 'no change', first: '  ' });
    else for (const paragraph of toChange(row, row['event_id'])) paragraphs.push(paragraph);
  }
  return layOut(paragraphs, clean);
}

function toDeploy(row: Row): Paragraph {
  const { deployed_at: ended, started_at: started, status = '', git_sha: sha = '', component = '' } = row;
  const columns = [toTime(ended ?? started), pad(status, 8), sha.slice(0, 7), component];
  return { text: columns.join('  '), rest: '      ' };
}

function toChange(row: Row, id: string): Paragraph[] {
  const { event_time: time, event_name: name = '', rule = '', standing, changed, component, actor } = row;
  const how = standing === 'coincident' || standing === 'ambiguous' ? standing : rule;
  const what = changed === component ? name : `${name} ${changed}`;
  const maker = actor === undefined || actor === '' ? '(no identity)' : describeIdentityArn(actor);
  const indent = ' '.repeat(6);
  return [
    { first: '  ', text: [toTime(time), pad(how, 10), what].join('  '), rest: indent },
    { first: `${indent}by `, text: maker, rest: `${indent}  ` },
    { first: `${indent}event `, text: id, rest: `${indent}  ` },
  ];
}

/** The store gives times with a fraction, which CloudTrail's and a marker's times do not have. */
function toTime(text = ''): string {
  return text.replace(/\.0+$/, '');
}
