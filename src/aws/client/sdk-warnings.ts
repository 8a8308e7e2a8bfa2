import { state } from '@aws-sdk/core/client';

/**
 * Keeps the SDK from printing its NodeVersionSupportWarning, which it does once per process when a client is made on a
 * Node.js that it will drop one day; nobody who reads a deploy's log can act on it.
 *
 * All clients, nested ones of the credential chain too, share this one flag of the SDK that is bundled with us. A
 * program that uses the library and the SDK beside it keeps its own flag and its own warning.
 */
export function silenceNodeVersionWarning(): void {
  state.warningEmitted = true;
}
