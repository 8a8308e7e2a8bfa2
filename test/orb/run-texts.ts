import { isMap, isScalar, LineCounter, type Node, parseDocument, visit } from 'yaml';

/** A `run` step as orb-tools' review reads it: by itself. */
export interface RunText {
  /** Where it begins in its file. */
  readonly line: number;
  /** What its text means alone; undefined if it means nothing. */
  readonly value: unknown;
  /** Why its text cannot be read alone. */
  readonly problem: string | undefined;
}

function readAlone(text: string): Pick<RunText, 'value' | 'problem'> {
  const document = parseDocument(text, { version: '1.2', merge: true, prettyErrors: false });
  try {
    const [error] = document.errors;
    if (error !== undefined) throw error;
    return { value: document.toJS(), problem: undefined };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { value: undefined, problem: `the run step cannot be read by itself: ${why}` };
  }
}

/** The text of a node, its first line as far in as it stands in the file. */
function cut(text: string, node: Node): string {
  const [start = 0, end = 0] = node.range ?? [];
  const column = start - (text.lastIndexOf('\n', start - 1) + 1);
  return ' '.repeat(column) + text.slice(start, end);
}

/**
 * Every value of a key `run`, wherever it stands (in `when`, in `steps` of another step), cut out of the source and read alone.
 *
 * So does src/scripts/review.bats of orb-tools 12: `yq` prints the step, and another `yq` reads what was printed, without the anchors
 * of the rest of the file.
 */
export function cutRunSteps(text: string): RunText[] {
  const lines = new LineCounter();
  const found: RunText[] = [];
  visit(parseDocument(text, { version: '1.2', lineCounter: lines }), {
    Pair(_key, { key, value }) {
      if (!isScalar(key) || key.value !== 'run') return;
      if (!isMap(value) && !isScalar(value)) return;
      found.push({ line: lines.linePos(key.range?.[0] ?? 0).line, ...readAlone(cut(text, value)) });
    },
  });
  return found;
}
