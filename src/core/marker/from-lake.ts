import { MARKER_FIELDS, type Marker } from './marker.ts';
import type { Checked } from './schema.ts';
import { parseStoredMarker, type StoredMarker, withStoredAt } from './stored.ts';

const KNOWN: readonly string[] = MARKER_FIELDS;
const LABEL = 'label.';

/**
 * Rebuilds a marker from a row of the statement that reads markers out of CloudTrail Lake. Fields that a later version may
 * have added are passed over.
 */
export function markerFromRow({
  uid,
  marker,
  stored = '',
}: Readonly<Record<string, string>>): Checked<StoredMarker> {
  const { value, problems } = fromParameters(parse(marker ?? ''), uid);
  return value === undefined
    ? { value, problems }
    : { value: withStoredAt(value, storedAtOf(stored)), problems };
}

/** Lake writes a time as text, with or without a T, and without an offset where it has none but UTC. */
function storedAtOf(text: string): number {
  const plain = text.trim().replace(' UTC', '').replace(' ', 'T');
  return Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/.test(plain) ? plain : `${plain}Z`);
}

/** Rebuilds a marker from the JSON text of its audit event, as CloudWatch Logs keeps it. */
export function markerFromEvent(text: string): Checked<Marker> {
  const event = parse(text);
  const parameters = event['requestParameters'];
  return fromParameters(isFields(parameters) ? parameters : {}, event['UID']);
}

type Fields = Readonly<Record<string, unknown>>;

function fromParameters(parameters: Fields, uid: unknown): Checked<Marker> {
  const fields: Record<string, unknown> = {};
  const labels: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(parameters)) {
    if (name.startsWith(LABEL)) labels[name.slice(LABEL.length)] = value;
    else if (KNOWN.includes(name)) fields[name] = value;
  }
  if (Object.keys(labels).length > 0) fields['labels'] = labels;
  return parseStoredMarker({ ...fields, ...(uid ? { uid } : {}) });
}

function parse(text: string): Fields {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : {};
  } catch {
    return {};
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}
