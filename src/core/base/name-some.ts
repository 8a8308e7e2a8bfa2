/** The names with commas between; of more than so many, those and how many are left. */
export function nameSome(names: readonly string[], most = 10): string {
  const more = names.length > most ? ` and ${names.length - most} more` : '';
  return `${names.slice(0, most).join(', ')}${more}`;
}
