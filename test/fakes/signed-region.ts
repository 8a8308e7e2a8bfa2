import type { AwsState } from './aws-state.ts';
import { type HttpRequest, headerValue } from './http-message.ts';

/** The region that a request says it is signed for. */
export function claimedRegion(request: HttpRequest): string | undefined {
  return / Credential=[^/]+\/\d+\/([^/]+)\//.exec(headerValue(request, 'authorization') ?? '')?.[1];
}

/**
 * The region that `request` says it is signed for, when the server serves it: its own, and those that a key of
 * `state.histories` and `state.publicKeys`, a channel or a store of Lake names. For any other, the server's own, so that the request is refused.
 */
export function servedRegion(state: AwsState, request: HttpRequest): string {
  const claimed = claimedRegion(request);
  const served = [
    ...state.publicKeys.keys(),
    ...[...state.histories.keys()].map(key => key.split('/')[1]),
    ...[...state.channels.keys(), ...[...state.lake.stores.values()].map(({ arn }) => arn)].map(
      arn => arn.split(':')[3],
    ),
  ];
  return claimed !== undefined && served.includes(claimed) ? claimed : state.region;
}
