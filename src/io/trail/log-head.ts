import { closeSync, openSync, readSync } from 'node:fs';
import { constants, gunzipSync } from 'node:zlib';
import { UTF_16_HINT } from '../../core/base/json-text.ts';
import { isGzip } from './gzip-members.ts';
import { isBlank, isPadding } from './record-filter.ts';

/** More than any record has before its `eventSource`. */
const HEAD = 65_536;
/** The field by which records go in all their forms, as columns, too. */
const RECORDS = /event[ _]?source|CloudTrailEvent/i;
/** What `{"`, `[{"` and gzip become. */
const BASE_64 = /^\s*(?:eyJ|W3si|H4sI)[\w+/]/;
const PACKED_HINT = 'it is an archive, of which only gzip is read: unpack it first';

const TABLE_HINT = 'it is a table that other tools keep: name the logs of the trail that it was made of';
/** More than the first 262 bytes, which tell a tape archive. */
export const MAGIC_HEAD = 512;

interface Magic {
  readonly bytes: readonly number[];
  /** Where they stand; 0 if nothing is said. */
  readonly at?: number;
  readonly hint: string;
}

/** First bytes of what is not read. Source: the libmagic database of file(1) */
const MAGIC: readonly Magic[] = [
  { bytes: [0x1f, 0x8b], hint: 'it is packed twice: unpack it once with gunzip' },
  { bytes: [0x50, 0x4b, 0x03, 0x04], hint: PACKED_HINT },
  { bytes: [0x28, 0xb5, 0x2f, 0xfd], hint: PACKED_HINT },
  { bytes: [0x42, 0x5a, 0x68], hint: PACKED_HINT },
  { bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a], hint: PACKED_HINT },
  { bytes: [0x37, 0x7a, 0xbc, 0xaf], hint: PACKED_HINT },
  { bytes: [0x1f, 0x9d], hint: PACKED_HINT },
  { bytes: [0x04, 0x22, 0x4d, 0x18], hint: PACKED_HINT },
  { bytes: [0xff, 0x06, 0x00, 0x00, 0x73], hint: PACKED_HINT },
  { bytes: [0x52, 0x61, 0x72, 0x21], hint: PACKED_HINT },
  { bytes: [0x75, 0x73, 0x74, 0x61, 0x72], at: 257, hint: PACKED_HINT },
  { bytes: [0x50, 0x41, 0x52, 0x31], hint: TABLE_HINT },
  { bytes: [0x4f, 0x62, 0x6a, 0x01], hint: TABLE_HINT },
  { bytes: [0x4f, 0x52, 0x43], hint: TABLE_HINT },
  { bytes: [0xff, 0xfe], hint: UTF_16_HINT },
  { bytes: [0xfe, 0xff], hint: UTF_16_HINT },
  // Without a mark, what JSON begins with tells.
  ...['{', '[', '"'].flatMap(text => [
    { bytes: [text.charCodeAt(0), 0], hint: UTF_16_HINT },
    { bytes: [0, text.charCodeAt(0), 0], hint: UTF_16_HINT },
  ]),
];

const FORMS: readonly { readonly form: RegExp; readonly hint: string }[] = [
  { form: /^\s*</, hint: 'it is HTML or XML, perhaps an error page: download it again' },
  {
    form: /^\s*\d{4}-\d\d-\d\dT\S{1,30}\s+\{/,
    hint: 'it is an export of CloudWatch Logs: cut off the time before each record, for example with sed "s/^[^{]*//"',
  },
  {
    form: /^\s*(?:---\s+)?(?:Events|Records|-):?\s/,
    hint: 'it is YAML: run the same command with --output json',
  },
  { form: BASE_64, hint: 'it is Base64: decode it first' },
  {
    form: /^(?:(?:#|\/\/)[^\n]*\n|\s)+[[{][^\n]*event[ _]?source/i,
    hint: 'there are remarks before its records: take them away',
  },
];

/** A step that fits what does not begin like a log, if its first bytes tell what it is. */
export function hintOfHead(head: Buffer): string | undefined {
  const text = head.toString('latin1');
  const hint = hintOfMagic(head) ?? FORMS.find(({ form }) => form.test(text))?.hint;
  if (hint !== undefined || !isTable(text)) return hint;
  return 'it is CSV: export JSON, or copy the logs from the bucket of the trail';
}

/**
 * Whether a file that is not called like a log may be one all the same: its first bytes speak of records in a form that records come in,
 * or are packed in a way that does not tell. Fails as Node.js does.
 */
export function mayHoldRecords(path: string): boolean {
  const head = readHead(path);
  const unpacked = isGzip(head) ? unpackHead(head) : head;
  return unpacked === undefined || hintOfMagic(unpacked) !== undefined || speaksOfRecords(unpacked);
}

function hintOfMagic(head: Buffer): string | undefined {
  return MAGIC.find(({ bytes, at = 0 }) => bytes.every((byte, rank) => head[at + rank] === byte))?.hint;
}

/** Prose speaks of records, too, and is none. */
function speaksOfRecords(head: Buffer): boolean {
  const start = head.findIndex(byte => !isBlank(byte) && !isPadding(byte));
  const text = start === -1 ? '' : head.toString('latin1', start);
  const isForm = /^[[{"]/.test(text) || FORMS.some(({ form }) => form.test(text));
  return (isForm && (RECORDS.test(text) || BASE_64.test(text))) || isTable(text);
}

function isTable(text: string): boolean {
  const line = text.slice(0, Math.max(0, text.indexOf('\n')));
  return line.includes(',') && RECORDS.test(line);
}

function readHead(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    const head = Buffer.alloc(HEAD);
    return head.subarray(0, readSync(file, head));
  } finally {
    closeSync(file);
  }
}

/** Undefined for what is damaged: it is named when it is read. */
function unpackHead(packed: Buffer): Buffer | undefined {
  try {
    return gunzipSync(packed, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 100 * HEAD });
  } catch {
    return undefined;
  }
}
