import { hash } from 'node:crypto';

/**
 * The namespace of every UID and deploy id this tool makes. Published: changing it would give the same deploy a
 * second identity.
 */
export const UID_NAMESPACE = '00e3b0c6-9e1b-43ca-bd45-5486e1a57be0';

// The variant's two fixed bits leave four digits for the first of the fourth group.
const VARIANTS = '89ab';

/** The bytes of a UUID that is a namespace. */
export function namespaceOf(uuid: string): Buffer {
  return Buffer.from(uuid.replaceAll('-', ''), 'hex');
}

/** Version 5 UUID (RFC 9562, section 5.5): SHA-1 over the namespace's bytes and the name in UTF-8. */
export function uuidV5(namespace: Buffer, name: string): string {
  const bytes = Buffer.allocUnsafe(namespace.length + Buffer.byteLength(name));
  bytes.set(namespace);
  bytes.write(name, namespace.length, 'utf8');
  const hex = hash('sha1', bytes, 'hex');
  const variant = VARIANTS.charAt(Number.parseInt(hex.charAt(16), 16) % VARIANTS.length);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
