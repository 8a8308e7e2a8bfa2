import { defineConfig, mergeConfig } from 'vitest/config';
import config from './vitest.config.ts';

// What takes longer, or needs programs that a laptop may lack: only .ci/run asks for it.
export default mergeConfig(
  { ...config, test: { ...config.test, include: [], exclude: [] } },
  defineConfig({
    test: { include: ['test/{full,contract,package}/**/*.test.ts'], testTimeout: 120_000, isolate: true },
  }),
);
