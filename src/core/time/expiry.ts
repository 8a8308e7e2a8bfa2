/** Milliseconds by which credentials and tokens count as expired before they are, so that a request does not outlive them. */
const EXPIRY_MARGIN_MS = 60_000;

/** Whether what expires at a time is no longer to be used; both in milliseconds since the epoch. */
export function expiresSoon(expiry: number, now: number): boolean {
  return expiry - now <= EXPIRY_MARGIN_MS;
}
