import { isAll, type ServiceChoice } from '../../core/services/choice.ts';

/** Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html (filterPattern) */
const MOST_CHARACTERS = 1024;
/** Each pattern reads the group once more, and more than these take longer than reading all that there is. */
const MOST_PATTERNS = 3;

/** AssumeRole calls tie one role to another; a record that does not say its service, or not as AWS does, may be anybody's. */
const ALWAYS: readonly string[] = [
  '(($.eventSource = "sts.*") && ($.eventName = "AssumeRole*"))',
  '($.eventSource NOT EXISTS)',
  '($.eventSource IS NULL)',
  '($.eventSource != "*.amazonaws.com*")',
];

/** What does not say that it reads, of whatever service, and who assumed a role. */
const WRITES = `{ ${['($.readOnly IS FALSE)', '($.readOnly NOT EXISTS)', '($.readOnly IS NULL)', '($.eventName = "AssumeRole*")'].join(' || ')} }`;

/**
 * Filter patterns that together match every record of the services, reads and failed calls too, each record once; several where one
 * would be too long, and an empty one, which matches everything, where there would be many.
 *
 * Only the beginning of `eventSource` is looked at: it ends in `.amazonaws.com.cn` in China.
 *
 * Of all services only writes are asked for.
 *
 * @param services without `.amazonaws.com`, of letters, digits, dots and hyphens
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html (JSON log events)
 */
export function recordPatterns(services: ServiceChoice): readonly string[] {
  if (isAll(services)) return [WRITES];
  const patterns: string[][] = [[...ALWAYS]];
  // What the whole service is asked for is matched once, with all of its calls.
  const named = [...new Set(services)];
  if (named.includes('sts')) patterns[0]?.shift();
  for (const service of named) {
    const test = `($.eventSource = "${service}.*")`;
    const last = patterns.at(-1);
    if (last === undefined || toPattern([...last, test]).length > MOST_CHARACTERS) patterns.push([test]);
    else last.push(test);
  }
  return patterns.length > MOST_PATTERNS ? [''] : patterns.map(toPattern);
}

function toPattern(tests: readonly string[]): string {
  return `{ ${tests.join(' || ')} }`;
}
