/** An object in a bucket. */
export interface StoredObject {
  readonly body: Buffer;
  readonly contentType: string;
  /** With its quotes. */
  readonly etag: string;
  /** Milliseconds since 1970. */
  readonly modifiedAt: number;
  /** The checksum that the body came with, by the name of its header; told to who asks with `x-amz-checksum-mode`. */
  readonly checksum?: Readonly<Record<string, string>>;
}

/** A bucket. */
export interface Bucket {
  /** Whose it is, when it is not the server's own account; all others are denied access. */
  readonly accountId?: string;
  /** By key. */
  readonly objects: Map<string, StoredObject>;
}
