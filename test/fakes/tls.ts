import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIPv4 } from 'node:net';

// Distinguished Encoding Rules (X.690): one tag byte, the length, the content.
function der(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const length = content.length;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content]);
  const bytes = length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...bytes]), content]);
}

const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  oid: 0x06,
  utf8: 0x0c,
  time: 0x17,
  seq: 0x30,
  set: 0x31,
};

function sequence(...contents: readonly Buffer[]): Buffer {
  return der(TAG.seq, ...contents);
}

function bitString(content: Buffer): Buffer {
  return der(TAG.bits, Buffer.from([0]), content);
}

// Object identifiers already in their DER content bytes.
const OID = {
  commonName: '550403',
  ecdsaWithSha256: '2a8648ce3d040302',
  basicConstraints: '551d13',
  keyUsage: '551d0f',
  extendedKeyUsage: '551d25',
  subjectAltName: '551d11',
  serverAuth: '2b06010505070301',
};

function oid(hex: string): Buffer {
  return der(TAG.oid, Buffer.from(hex, 'hex'));
}

function name(commonName: string): Buffer {
  const attribute = sequence(oid(OID.commonName), der(TAG.utf8, Buffer.from(commonName)));
  return sequence(der(TAG.set, attribute));
}

function utcTime(timeMs: number): Buffer {
  const text = new Date(timeMs).toISOString().slice(2, 19).replace(/[-:T]/g, '');
  return der(TAG.time, Buffer.from(`${text}Z`));
}

function extension(id: string, critical: boolean, value: Buffer): Buffer {
  const flag = critical ? [der(TAG.boolean, Buffer.from([0xff]))] : [];
  return sequence(oid(id), ...flag, der(TAG.octets, value));
}

function authorityExtensions(): Buffer[] {
  const isAuthority = sequence(der(TAG.boolean, Buffer.from([0xff])));
  // keyCertSign and cRLSign; one unused bit.
  const usage = der(TAG.bits, Buffer.from([0x01, 0x06]));
  return [extension(OID.basicConstraints, true, isAuthority), extension(OID.keyUsage, true, usage)];
}

function serverExtensions(hosts: readonly string[]): Buffer[] {
  const names = hosts.map(host =>
    isIPv4(host) ? der(0x87, Buffer.from(host.split('.').map(Number))) : der(0x82, Buffer.from(host)),
  );
  return [
    extension(OID.basicConstraints, true, sequence()),
    // digitalSignature; seven unused bits.
    extension(OID.keyUsage, true, der(TAG.bits, Buffer.from([0x07, 0x80]))),
    extension(OID.extendedKeyUsage, false, sequence(oid(OID.serverAuth))),
    extension(OID.subjectAltName, false, sequence(...names)),
  ];
}

interface CertificateRequest {
  readonly issuer: string;
  readonly subject: string;
  readonly publicKey: KeyObject;
  readonly signingKey: KeyObject;
  readonly extensions: readonly Buffer[];
}

function createCertificate(request: CertificateRequest): string {
  const algorithm = sequence(oid(OID.ecdsaWithSha256));
  const serial = randomBytes(8);
  // A positive number without a leading zero byte.
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  const hour = 3_600_000;
  const toBeSigned = sequence(
    der(0xa0, der(TAG.integer, Buffer.from([2]))),
    der(TAG.integer, serial),
    algorithm,
    name(request.issuer),
    sequence(utcTime(Date.now() - hour), utcTime(Date.now() + 24 * hour)),
    name(request.subject),
    request.publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...request.extensions)),
  );
  const signature = sign('sha256', toBeSigned, request.signingKey);
  const base64 = sequence(toBeSigned, algorithm, bitString(signature)).toString('base64');
  return `-----BEGIN CERTIFICATE-----\n${base64.replace(/(.{64})/g, '$1\n').trim()}\n-----END CERTIFICATE-----\n`;
}

/** A certificate authority made for one test run and a server certificate signed by it, all PEM. */
export interface TestCertificates {
  /** What a client must trust, for example through `AWS_CA_BUNDLE`. */
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/**
 * Makes a CA and a server certificate for `hosts` (names, `*.` wildcards or IPv4 addresses), valid for a day.
 *
 * X.509 version 3 (RFC 5280) with P-256 keys, written by hand, so that tests need neither openssl nor a network.
 */
export function createTestCertificates(hosts: readonly string[]): TestCertificates {
  const authority = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const server = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const issuer = 'deploy-marker test CA';
  const ca = createCertificate({
    issuer,
    subject: issuer,
    publicKey: authority.publicKey,
    signingKey: authority.privateKey,
    extensions: authorityExtensions(),
  });
  const cert = createCertificate({
    issuer,
    subject: hosts[0] ?? 'localhost',
    publicKey: server.publicKey,
    signingKey: authority.privateKey,
    extensions: serverExtensions(hosts),
  });
  return { ca, cert, key: server.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}
