const TOKEN =
  /<\?xml [^<>]*\?>|<!doctype html>|<(\/?)([a-z][\w-]*)((?:\s+[\w:-]+(?:="[^"<]*")?)*)\s*(\/?)>|([^<]+)/giy;
const LOOSE = /&(?!(?:amp|lt|gt|quot|#3[59]);)/;
// https://www.w3.org/TR/xml/#charsets
const ILLEGAL = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/** What is wrong with a document's tags, entities or characters; nothing if it is well-formed. */
export function markupProblem(
  text: string,
  isVoid: (tag: string) => boolean = () => false,
): string | undefined {
  if (ILLEGAL.test(text)) return 'it has a character that XML does not allow';
  const open: string[] = [];
  TOKEN.lastIndex = 0;
  let at = 0;
  for (let token = TOKEN.exec(text); token !== null; token = TOKEN.exec(text)) {
    at = TOKEN.lastIndex;
    const [whole, end, tag, attributes = '', selfEnd, words = ''] = token;
    if (LOOSE.test(attributes) || LOOSE.test(words)) return `a loose & in ${whole}`;
    if (tag === undefined || selfEnd === '/' || isVoid(tag)) continue;
    if (end !== '/') open.push(tag);
    else if (open.pop() !== tag) return `</${tag}> ends nothing`;
    if (at === text.length) break;
  }
  if (at < text.length) return `no markup: ${text.slice(at, at + 60)}`;
  return open.length > 0 ? `<${open.join('><')}> is not ended` : undefined;
}
