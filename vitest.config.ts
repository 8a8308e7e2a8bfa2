import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // These take longer or want other programs: see vitest.full.config.ts.
    exclude: ['test/full/**', 'test/contract/**', 'test/package/**'],
    globalSetup: ['test/build-once.ts'],
    testTimeout: 30_000,
    // Many tests wait for processes and timers of theirs: vitest's own choice on two cores, one worker, takes twice as long.
    maxWorkers: 3,
    // Files of one worker share their modules: importing them anew for each takes a fifth of the whole.
    isolate: false,
    restoreMocks: true,
  },
});
