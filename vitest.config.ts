import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/full/**'],
    globalSetup: ['test/build-once.ts'],
    testTimeout: 30_000,
    // Many tests wait for processes and timers of theirs: vitest's own choice on two cores, one worker, takes twice as long.
    maxWorkers: 3,
    restoreMocks: true,
  },
});
