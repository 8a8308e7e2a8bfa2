import { parseXML } from '@aws-sdk/xml-builder';
import type { AnswerHead } from '../client/http-exchange.ts';
import { ServiceException } from '../plain/service-exception.ts';

// Answers of AWS's query protocol, by the SDK's own parser of XML, which knows no entities but those of characters.
// Source: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html

/**
 * The members of an answer, texts all of them but for structures.
 *
 * @param result the element that holds them
 * @throws Error if the body is no XML; a body without the element has no members
 */
export function readFields(body: string, result: string): object {
  return membersOf(parseBody(body)[result]);
}

/**
 * What the service says of a request that it did not carry out.
 *
 * @throws Error if the body is no XML: something on the way answered then
 */
export function readRefusal({ statusCode }: AnswerHead, body: string): ServiceException {
  const root = parseBody(body);
  const error = membersOf(membersOf(root['Errors'])['Error'] ?? root['Error']);
  const name = error['Code'] ?? (statusCode === 404 ? 'NotFound' : 'Unknown');
  const message = error['Message'] ?? error['message'] ?? root['Message'] ?? root['message'] ?? 'Unknown';
  return new ServiceException(String(name), String(message), statusCode);
}

type Members = Readonly<Record<string, unknown>>;

/** Members of the root element, whatever its name is. */
function parseBody(body: string): Members {
  return body === '' ? {} : membersOf(toPlain(Object.values(parseXML(body))[0]));
}

/** Members of an element, or of the first of several. A text has none. */
function membersOf(element: unknown): Members {
  const first: unknown = Array.isArray(element) ? element[0] : element;
  return typeof first === 'object' && first !== null ? { ...first } : {};
}

/** What has a text counts as that, whatever its attributes; white space between elements is no text. */
function toPlain(element: unknown): unknown {
  if (Array.isArray(element)) return element.map(toPlain);
  if (typeof element !== 'object' || element === null) return element;
  const { '#text': text, ...members } = membersOf(element);
  if (typeof text === 'string' && text.trim() !== '') return text;
  return Object.fromEntries(Object.entries(members).map(([name, member]) => [name, toPlain(member)]));
}
