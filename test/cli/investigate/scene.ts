import type { AwsServer } from '../../fakes/aws-server.ts';
import { createConfigState, type FakeItem } from '../../fakes/config/config-state.ts';
import type { RecordedStory, RecordedTruth } from '../../trail-world/recorded/stories.ts';
import { type RunOptions, type RunResult, runCli } from '../run-cli.ts';
import { FROM_FILES, HOME, happen, type Story, storyFolder } from '../trail/trail-scene.ts';

/** A story with what Config recorded of it. */
export interface RecordedScene extends Story {
  readonly truth: RecordedTruth;
  readonly folder: string;
}

/** Lets a story happen, by default three hours ago, and writes it into a folder. */
export async function recordedScene(story: RecordedStory, minutesAgo = 180): Promise<RecordedScene> {
  const told: { truth?: RecordedTruth } = {};
  const play = happen(
    scene => {
      told.truth = story.play(scene);
    },
    { minutesAgo, seed: story.name },
  );
  if (told.truth === undefined) throw new Error('nothing was told');
  return { ...play, truth: told.truth, folder: await storyFolder(play) };
}

/** Lets the server's Config have these items. */
export function fillConfig({ state }: AwsServer, items: readonly FakeItem[], place = HOME): void {
  state.configs.set(`${place.account}/${place.region}`, createConfigState(items));
}

/** Runs `investigate` over the files of a scene, with Config and CloudFormation of the server. */
export function investigate(
  server: AwsServer,
  { truth, folder }: Pick<RecordedScene, 'truth' | 'folder'>,
  args: readonly string[] = [],
  options: RunOptions = {},
): Promise<RunResult> {
  const env = { ...server.env(), ...options.env };
  return runCli(['investigate', truth.component, ...FROM_FILES, ...args], { ...options, cwd: folder, env });
}
