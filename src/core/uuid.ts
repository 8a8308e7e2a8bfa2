import { hash } from 'node:crypto';

/**
 * The namespace of every UID and deploy id this tool makes. Published: changing it would give the same deploy a
 * second identity.
 */
export const UID_NAMESPACE = '00e3b0c6-9e1b-43ca-bd45-5486e1a57be0';

/** Version 5 UUID (RFC 9562, section 5.5): SHA-1 over the namespace's bytes and the name in UTF-8. */
export function uuidV5(namespace: string, name: string): string {
  const bytes = Buffer.concat([Buffer.from(namespace.replaceAll('-', ''), 'hex'), Buffer.from(name, 'utf8')]);
  const digest = hash('sha1', bytes, 'buffer');
  digest.writeUInt8((digest.readUInt8(6) & 0x0f) | 0x50, 6);
  digest.writeUInt8((digest.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = digest.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}
