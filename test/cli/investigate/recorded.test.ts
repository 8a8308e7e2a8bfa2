import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Investigation } from '../../../src/core/investigate/investigation.ts';
import { describeShown, type ShownValue } from '../../../src/core/investigate/shown-value.ts';
import { RECORDED_STORIES } from '../../trail-world/recorded/stories.ts';
import { withAwsServer } from '../emit/scene.ts';
import { fillConfig, investigate, recordedScene } from './scene.ts';

/** `before → after`, without digests. */
function inWords(before: ShownValue | undefined, after: ShownValue | undefined): string {
  const toText = (shown: ShownValue | undefined): string =>
    shown === undefined ? 'nothing' : describeShown(shown).replace(/, sha256 \w+…/, '');
  return `${toText(before)} → ${toText(after)}`;
}

describe.concurrent('what Config recorded around each change', () => {
  test.each(RECORDED_STORIES)('$name', story =>
    withAwsServer(async server => {
      const scene = await recordedScene(story);
      fillConfig(server, scene.truth.items);
      const run = await investigate(server, scene, ['--json']);
      const report: Investigation = JSON.parse(run.stdout);
      const told = report.changes.map(({ event_id, recorded: { state, differences } }) => [
        event_id,
        {
          state,
          differences: Object.fromEntries(
            differences.map(each => [each.path, inWords(each.before, each.after)]),
          ),
        },
      ]);
      expect(Object.fromEntries(told)).toEqual(Object.fromEntries(scene.truth.changes));
      expect(report.strays).toHaveLength(scene.truth.strays ?? 0);
      expect(run.stderr).toBe('');
      expect(run.code).toBe(0);
    }),
  );

  test.each(RECORDED_STORIES)('no secret of $name is in any output', story =>
    withAwsServer(async server => {
      const scene = await recordedScene(story);
      fillConfig(server, scene.truth.items);
      // Each run keeps to the quota by itself; three of them follow each other at once here.
      server.state.configCallsPerSecond = 15;
      const forms = [[], ['--json'], ['--debug', '--html', 'page.html']];
      const runs = [];
      for (const form of forms) runs.push(await investigate(server, scene, form));
      const page = await readFile(join(scene.folder, 'page.html'), 'utf8');
      const outputs = [...runs.flatMap(({ stdout, stderr }) => [stdout, stderr]), page];
      for (const secret of scene.truth.secrets)
        for (const output of outputs) expect(output).not.toContain(secret);
    }),
  );
});
