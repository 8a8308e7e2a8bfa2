import { isKeyFetchFault } from '../answers/error-table.ts';
import type { WebIdentityAnswer } from '../answers/shapes.ts';
import { withinDeadline } from '../client/call-deadline.ts';
import { checkSecrecy, toEndpointUrl } from '../client/endpoint-guard.ts';
import { toUnreserved } from '../client/query-text.ts';
import { createRequestHandler } from '../client/request-handler.ts';
import { Attempts, type Output, readOutput } from '../plain/attempts.ts';
import { toTextRequest } from '../plain/request.ts';
import { readServiceSettings } from '../plain/settings.ts';
import type { AssumeRoleOptions } from './assume-role-options.ts';
import { readFields, readRefusal } from './query-answer.ts';
import { readWebIdentityAnswer } from './web-identity-answer.ts';

const OPERATION = 'AssumeRoleWithWebIdentity';

/**
 * The call itself, by a client of our own: it is one form that is not signed, and the SDK's client takes longer to load than STS to
 * answer. Endpoint, settings and retries are as in the SDK's clients. Apart from `assumeRole`, so that it is loaded only when it is used.
 *
 * It fails with what `toAwsError` reads.
 *
 * @param region where STS is asked
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
 */
export async function callWebIdentity(
  options: AssumeRoleOptions,
  region: string,
): Promise<WebIdentityAnswer> {
  const { env = {}, settingsEnv, warn = () => {} } = options;
  const handler = createRequestHandler(env, warn);
  try {
    const limits = { operation: OPERATION, signal: options.signal };
    const output = await withinDeadline(limits, async abortSignal => {
      const settings = await readServiceSettings('sts', { region, env: settingsEnv });
      // An endpoint of somebody's own may have a path, with or without a slash at its end.
      const path = /.\/$/.test(settings.endpoint.pathname) ? '' : '/';
      const form = { contentType: 'application/x-www-form-urlencoded', body: toForm(options) };
      const request = toTextRequest({ path, ...form }, settings);
      checkSecrecy(toEndpointUrl(request), 'STS', env);
      const attempt = async (): Promise<Output<object>> =>
        readOutput(await handler.send(request, { abortSignal }), {
          toFields: body => readFields(body.toString(), `${OPERATION}Result`),
          toError: async (answer, body) => asRetryable(readRefusal(answer, body)),
        });
      return new Attempts(settings).run({ request, attempt }, abortSignal);
    });
    return await readWebIdentityAnswer(output);
  } finally {
    handler.destroy?.();
  }
}

/** The parameters in the order in which the SDK sends them; an empty list is left out, for it would be an empty parameter. */
function toForm(options: AssumeRoleOptions): string {
  const { roleArn, sessionName, webIdentityToken, durationSeconds, policy, policyArns = [] } = options;
  const parameters: [name: string, value: string | undefined][] = [
    ['Action', OPERATION],
    ['Version', '2011-06-15'],
    ['RoleArn', roleArn],
    ['RoleSessionName', sessionName],
    ['WebIdentityToken', webIdentityToken],
    ...policyArns.map((arn, rank): [string, string] => [`PolicyArns.member.${rank + 1}.arn`, arn]),
    ['Policy', policy],
    ['DurationSeconds', durationSeconds?.toString()],
  ];
  return parameters
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${toUnreserved(value)}`]))
    .join('&');
}

/**
 * Marks as retryable what the SDK takes for final because it is HTTP 400: STS could not reach the identity provider, or
 * could not get its keys. It waits as after throttling, since the provider needs a moment.
 *
 * The first is documented as retryable; the second comes as InvalidIdentityToken, told apart by its message only.
 */
function asRetryable(error: Error): Error {
  const isProviderFault = /^IDPCommunicationError(Exception)?$/.test(error.name) || isKeyFetchFault(error);
  return isProviderFault ? Object.assign(error, { $retryable: { throttling: true } }) : error;
}
