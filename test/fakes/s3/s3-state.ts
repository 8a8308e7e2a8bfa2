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
  /** Whether it has Object Lock with a default retention: what is stored needs a checksum, and is not replaced in place. */
  readonly objectLock?: boolean;
  /** Whether its policy takes new objects only: a PutObject without `If-None-Match` is denied. */
  readonly takesNewOnly?: boolean;
  /** By key. */
  readonly objects: Map<string, StoredObject>;
}
