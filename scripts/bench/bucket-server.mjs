// A loopback S3 of one folder, whose bucket is `trail`: it lists and reads, and checks nothing, so that it is never the slower side.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { join, relative } from 'node:path';

const folder = process.argv[2];
const keys = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter(entry => entry.isFile())
  .map(entry => relative(folder, join(entry.parentPath ?? entry.path, entry.name)))
  .toSorted();
const etagOf = key => `&quot;${createHash('md5').update(key).digest('hex')}&quot;`;
const MOST = 1000;

function list(query) {
  const [prefix, delimiter] = [query.get('prefix') ?? '', query.get('delimiter') ?? ''];
  const after = query.get('continuation-token') ?? query.get('start-after') ?? '';
  const entries = [];
  for (const key of keys) {
    if (!key.startsWith(prefix) || key <= after) continue;
    const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    const name = end === -1 ? key : key.slice(0, end + 1);
    if (entries.at(-1)?.name !== name) entries.push({ name, isFolder: end !== -1 });
    entries.at(-1).last = key;
  }
  const page = entries.slice(0, MOST);
  const isTruncated = entries.length > page.length;
  const rows = page.map(({ name, isFolder }) =>
    isFolder
      ? `<CommonPrefixes><Prefix>${name}</Prefix></CommonPrefixes>`
      : `<Contents><Key>${name}</Key><ETag>${etagOf(name)}</ETag><Size>${statSync(join(folder, name)).size}</Size></Contents>`,
  );
  const next = isTruncated ? `<NextContinuationToken>${page.at(-1).last}</NextContinuationToken>` : '';
  return `<?xml version="1.0"?><ListBucketResult><Name>trail</Name><IsTruncated>${isTruncated}</IsTruncated>${next}${rows.join('')}</ListBucketResult>`;
}

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost');
  const key = decodeURIComponent(pathname.slice('/trail/'.length));
  if (key === '' || searchParams.has('list-type')) return response.end(list(searchParams));
  response.setHeader('etag', etagOf(key).replaceAll('&quot;', '"'));
  const body = readFileSync(join(folder, key));
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
  if (first === undefined) return response.end(body);
  response.statusCode = 206;
  return response.end(body.subarray(Number(first), Number(last) + 1));
});
process.on('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => process.send({ url: `http://127.0.0.1:${server.address().port}` }));
