import { posix } from 'node:path';
import type { TextFile } from './repository.ts';

/** The text without what is code, in blocks or in a line; of code that is the name of a link something is left. */
function withoutCode(text: string): string {
  return text.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, 'code');
}

/** Where the links of a document lead, as they are written. */
export function linksIn({ text }: TextFile): string[] {
  return [...withoutCode(text).matchAll(/\]\(([^)\s]*)\)/g)].map(([, target = '']) => target);
}

/**
 * The anchors that GitHub gives the headings of a document.
 * Source: https://docs.github.com/en/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax#section-links
 */
export function anchorsIn({ text }: TextFile): Set<string> {
  const anchors = new Set<string>();
  for (const [, title = ''] of text.replace(/^```[\s\S]*?^```/gm, '').matchAll(/^#+ +(.*)$/gm)) {
    const words = title.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const plain = words.replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '').replaceAll(' ', '-');
    let anchor = plain;
    for (let rank = 1; anchors.has(anchor); rank += 1) anchor = `${plain}-${rank}`;
    anchors.add(anchor);
  }
  return anchors;
}

/** Links of documents that lead nowhere: to a file that is not there, or to no heading of it. Those to other hosts are not followed. */
export function linkProblems(files: readonly TextFile[]): string[] {
  const known = new Map(files.map(file => [file.path, file]));
  const documents = files.filter(({ path }) => path.endsWith('.md'));
  return documents.flatMap(document =>
    linksIn(document)
      .filter(link => !/^https:\/\//.test(link))
      .filter(link => !leadsSomewhere(document, link, known))
      .map(link => `${document.path}: ${link} leads nowhere`),
  );
}

function leadsSomewhere({ path }: TextFile, link: string, known: ReadonlyMap<string, TextFile>): boolean {
  const [name = '', anchor] = link.split('#');
  const file = known.get(name === '' ? path : posix.join(posix.dirname(path), name));
  return !name.startsWith('/') && file !== undefined && (anchor === undefined || anchorsIn(file).has(anchor));
}
