/** What people are told of, once. */
export interface Notice {
  /** In one line. */
  readonly subject: string;
  /** Plain text. */
  readonly text: string;
}

/**
 * Tells people. Resolves only if the other side took the notice.
 *
 * @throws DeployMarkerError NOTICE_REFUSED where the place does not exist or does not want it, and the errors of any call
 */
export type SendNotice = (notice: Notice, signal?: AbortSignal) => Promise<void>;

/** The longest beginning of a text that `fits`, ended with `…` if anything was cut; never half a character. */
export function cutText(text: string, fits: (text: string) => boolean): string {
  if (fits(text)) return text;
  const characters = Array.from(text);
  let [short, long] = [0, characters.length];
  while (long - short > 1) {
    const middle = Math.floor((short + long) / 2);
    if (fits(`${characters.slice(0, middle).join('')}…`)) short = middle;
    else long = middle;
  }
  return `${characters.slice(0, short).join('')}…`;
}
