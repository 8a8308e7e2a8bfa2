import { Hash } from '@smithy/core/serde';

/** Node's own SHA-256; the SDK's choice of implementations would load node:zlib for a checksum that we do not use. */
export class Sha256 extends Hash {
  constructor(secret?: ConstructorParameters<typeof Hash>[1]) {
    super('sha256', secret);
  }
}
