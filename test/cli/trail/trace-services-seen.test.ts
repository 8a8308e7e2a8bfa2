import { expect, test } from 'vitest';
import { fixByHand, happen, runOnFiles, storyFolder } from './trail-scene.ts';

const STORY = happen(scene => void fixByHand(scene, 'billing'));
const UNSEEN = 'no record of cloudformation was seen';

test.concurrent.each([
  [['lambda:billing'], false],
  [['billing'], false],
  [[], true],
  [['stack:billing'], true],
])('%j tells of services without a record: %s', async (args, isTold) => {
  const { stdout, code } = await runOnFiles('trace', await storyFolder(STORY), args);
  expect(code).toBe(0);
  expect(stdout.replaceAll(/\s+/g, ' ').includes(UNSEEN)).toBe(isTold);
});
