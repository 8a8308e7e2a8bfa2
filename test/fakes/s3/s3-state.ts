/** An object in a bucket. */
export interface StoredObject {
  readonly body: Buffer;
  readonly contentType: string;
  /** With its quotes. */
  readonly etag: string;
  /** Milliseconds since 1970. */
  readonly modifiedAt: number;
  /** `x-amz-meta-…`, without that. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Who reads it is refused so, as with an archived object or a key of KMS. */
  readonly refusal?: { readonly status: number; readonly code: string; readonly message: string };
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
  /** Where it is, if not in the server's own region; who asks elsewhere is told so. */
  readonly region?: string;
  /** By key. */
  readonly objects: Map<string, StoredObject>;
}

/** Puts a JSON text into a bucket, as if it had lain there before. */
export function plantText({ objects }: Bucket, key: string, text: string): void {
  const body = Buffer.from(text);
  objects.set(key, { body, contentType: 'application/json', etag: '"x"', modifiedAt: Date.now() });
}
