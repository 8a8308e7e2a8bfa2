/** Parameters of a query by name; one without a value has null. */
export type Query = Readonly<Record<string, string | readonly string[] | null>>;

/** The text of a query in the order in which AWS signs it; all but the unreserved characters of RFC 3986 is percent-encoded. */
export function toQueryText(query: Query): string {
  const pairs = Object.entries(query).flatMap(([name, value]) => {
    const key = toUnreserved(name);
    if (value === null) return [{ key, text: key }];
    return [value].flat().map(each => ({ key, text: `${key}=${toUnreserved(each)}` }));
  });
  pairs.sort((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)));
  return pairs.map(({ text }) => text).join('&');
}

/** The text with all but the unreserved characters of RFC 3986 percent-encoded. */
export function toUnreserved(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
