/** One text that is kept from one run to the next. */
export interface StateStore {
  /** The place in words: a path or an s3:// address. */
  readonly title: string;
  /**
   * The text that was written last; undefined where there is none yet.
   *
   * @throws DeployMarkerError INPUT_UNREADABLE, BUCKET_NOT_FOUND, ACCESS_DENIED or another of the call
   */
  read(signal?: AbortSignal): Promise<string | undefined>;
  /**
   * Replaces the text as a whole: a reader sees the old one or the new one, whatever happens. Texts of two writers have to differ, or
   * one whose answer was lost takes the other's for its own.
   *
   * @throws DeployMarkerError FILE_UNWRITABLE or another of the call, STATE_CONFLICT where the text is no longer the one that was read
   */
  write(text: string, signal?: AbortSignal): Promise<void>;
}
