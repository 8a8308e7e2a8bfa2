import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { unexpectedAnswer } from './documented.ts';

/**
 * Pages of one question after which the rest is left unread, so that answers which never end do end: ten million rows of Lake, or half an
 * hour of CloudWatch Logs. Our own choice.
 */
const MOST_PAGES = 10_000;

/** A page of an answer. */
export interface Page<P> {
  readonly page: P;
  /** The token of the page after it; undefined on the last one. */
  readonly next: string | undefined;
}

/**
 * All pages of an answer, one after the other.
 *
 * @param ask gives the page of a token, the first one without any
 * @param most how many pages are read at most
 * @throws DeployMarkerError UNEXPECTED_RESPONSE where a token comes a second time, which would go round for ever, and ANSWER_INCOMPLETE
 *   after very many pages
 */
export async function* readPages<P>(
  operation: string,
  ask: (token: string | undefined) => Promise<Page<P>>,
  most: number = MOST_PAGES,
): AsyncGenerator<Page<P>> {
  const seen = new Set<string>();
  let token: string | undefined;
  do {
    const answer = await ask(token);
    yield answer;
    token = answer.next;
    if (token === undefined) return;
    if (seen.has(token)) {
      throw unexpectedAnswer(
        { operation },
        'with the token of a page that was there before; its pages never end',
      );
    }
    seen.add(token);
  } while (seen.size < most);
  throw new DeployMarkerError(
    'ANSWER_INCOMPLETE',
    `${operation} has more than ${most} pages, of which the rest was not read`,
  );
}
