import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/full/**'],
    globalSetup: ['test/build-once.ts'],
    testTimeout: 30_000,
    restoreMocks: true,
  },
});
