import { describe, expect, test } from 'vitest';
import { FINDING_KINDS } from '../../../src/core/findings/report.ts';
import { reportOf, runOnFiles, standingsOf, storyFolder } from '../../cli/trail/trail-scene.ts';
import { makeWorld, WORLD_SERVICES } from '../../trail-world/world.ts';

describe.concurrent('a world whose truth is known', () => {
  const world = makeWorld({ seed: 11 });
  const flags = [
    ...['--since', '2026-04-01T00:00:00Z', '--until', '2026-06-16T00:00:00Z'],
    ...['--services', WORLD_SERVICES.join()],
    ...(world.options.serviceRoles ?? []).flatMap(name => ['--service-role', name]),
    ...(world.options.bridgeRoles ?? []).flatMap(name => ['--bridge-role', name]),
    ...(world.options.humanRoles ?? []).flatMap(name => ['--human-role', name]),
  ];
  const folder = storyFolder(world);
  const isClean = (scenario: string): boolean => world.truth.scenarios.get(scenario)?.ambiguity === undefined;

  test('every change of the clean scenarios stands as it should', async () => {
    const run = await runOnFiles('trace', await folder, ['--json', ...flags]);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    const standings = standingsOf(reportOf(run));
    const expected = [...world.truth.records].flatMap(([id, truth]) =>
      truth.notAChange || !isClean(truth.scenario) ? [] : [[id, truth.standing] as const],
    );
    expect(expected.length).toBeGreaterThan(100);
    expect(expected.filter(([id, standing]) => standings[id] !== standing)).toEqual([]);
    const strangers = Object.keys(standings).filter(id => world.truth.records.get(id)?.notAChange !== false);
    expect(strangers).toEqual([]);
  });

  // Only a bucket has digests, which say what was tampered with.
  test.each(FINDING_KINDS.filter(kind => kind !== 'tampered-log'))(
    '--fail-on %s fails on those alone',
    async kind => {
      const run = await runOnFiles('audit', await folder, ['--json', ...flags, '--fail-on', kind]);
      expect(run.code).toBe(10);
      const failing = (reportOf(run).findings ?? []).filter(({ fails }) => fails);
      expect(new Set(failing.map(finding => finding.kind))).toEqual(new Set([kind]));
      expect(JSON.parse(run.stderr).error).toMatchObject({
        code: 'AUDIT_FAILED',
        message: expect.stringContaining(failing.length === 1 ? `(${kind}` : `${failing.length} ${kind}`),
      });
    },
  );
});
