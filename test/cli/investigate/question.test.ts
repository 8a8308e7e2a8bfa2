import { describe, expect, test } from 'vitest';
import type { Investigation } from '../../../src/core/investigate/investigation.ts';
import type { AwsServer } from '../../fakes/aws-server.ts';
import { toTime } from '../../trail-world/place.ts';
import { RECORDED_STORIES, type RecordedStory } from '../../trail-world/recorded/stories.ts';
import { withAwsServer } from '../emit/scene.ts';
import { errorOf, runCli } from '../run-cli.ts';
import { FROM_FILES } from '../trail/trail-scene.ts';
import { fillConfig, investigate, type RecordedScene, recordedScene } from './scene.ts';

function storyOf(name: string): RecordedStory {
  const found = RECORDED_STORIES.find(story => story.name === name);
  if (found === undefined) throw new Error(`there is no story ${name}`);
  return found;
}

async function within(
  name: string,
  use: (server: AwsServer, scene: RecordedScene) => Promise<void>,
): Promise<void> {
  const scene = await recordedScene(storyOf(name));
  await withAwsServer(async server => {
    fillConfig(server, scene.truth.items);
    await use(server, scene);
  });
}

describe.concurrent('what is asked', () => {
  test('--at tells of the change that was in force then', () =>
    within('fix-and-later-deploy', async (server, scene) => {
      const [fix = '', deploy = ''] = [...scene.truth.changes.keys()];
      const timeOf = (id: string): number =>
        Date.parse(scene.records.find(each => each.eventID === id)?.eventTime ?? '');
      const at = async (time: number): Promise<string> => {
        const run = await investigate(server, scene, ['--json', '--at', toTime(time)]);
        const report: Investigation = JSON.parse(run.stdout);
        return report.summary.find(({ topic }) => topic === 'what')?.text ?? '';
      };
      expect(await at(timeOf(fix) + 60_000)).toContain('memorySize 512 → 2048');
      expect(await at(timeOf(deploy) + 60_000)).toContain('memorySize 2048 → 512');
    }));

  test('an ARN tells account and Region', () =>
    within('console-fix', async (server, scene) => {
      const arn = `arn:aws:lambda:eu-west-1:111122223333:function:${scene.truth.component.slice(7)}`;
      const env = { ...server.env(), AWS_REGION: undefined, AWS_DEFAULT_REGION: undefined };
      const run = await runCli(['investigate', arn, ...FROM_FILES, '--json'], { cwd: scene.folder, env });
      expect(run).toMatchObject({ code: 0, stderr: '' });
      expect(JSON.parse(run.stdout).changes[0].recorded.state).toBe('changed');
    }));

  test('without any change Config and drift are asked all the same', () =>
    within('recorded-without-call', async (server, { truth, folder }) => {
      const [first] = truth.items;
      if (first === undefined) throw new Error('there is no item');
      // The whole trail knows nothing of this function.
      const items = truth.items.map(item => ({ ...item, resourceId: 'silent', resourceName: 'silent' }));
      fillConfig(server, items);
      const told = { truth: { ...truth, component: 'lambda:silent' }, folder };
      const run = await investigate(server, told, ['--json']);
      const report: Investigation = JSON.parse(run.stdout);
      expect(report.changes).toEqual([]);
      expect(report.strays).toHaveLength(2);
      expect(report.summary.map(({ topic }) => topic)).toEqual(['what', 'drift', 'next']);
      expect(report.summary[0]?.text).toContain('Config recorded 2 differences that no change accounts for');
      expect(run.code).toBe(0);
    }));

  test('where no Region is known that is said, and the answer is incomplete', () =>
    within('console-fix', async (server, { truth, folder }) => {
      const env = { AWS_REGION: undefined, AWS_DEFAULT_REGION: undefined };
      const told = { truth: { ...truth, component: 'lambda:silent' }, folder };
      const run = await investigate(server, told, [], { env });
      expect(run.code).toBe(8);
      expect(errorOf(run).hint).toMatch(
        /^pass --region, or set AWS_REGION, or run `aws configure set region /,
      );
    }));

  test.each([
    [[], 'investigate takes one component, got none'],
    [['lambda:a', 'lambda:b'], 'one component can be asked for, got "lambda:a" and "lambda:b"'],
    [[''], 'the component is given, but it is empty'],
    [['lambda:'], 'a component is kind:name, an ARN or a name, got "lambda:"'],
    [['lambda:a', '--at', '1h', '--since', '2h'], '--at goes with no --since'],
    [['lambda:a', '--at', '2999-01-01T00:00:00Z'], 'lies in the future'],
    [['lambda:a', '--timeout', 'soon'], '--timeout'],
  ])('investigate %j is wrong usage', async (args, message) => {
    const run = await runCli(['investigate', ...args, '--changes', '.']);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(errorOf(run).message).toContain(message);
  });
});
