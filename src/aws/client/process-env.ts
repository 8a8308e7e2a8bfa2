import { loadConfig } from '@smithy/core/config';
import type { Env } from '../../io/io.ts';

/** The variables of the process, as the SDK reads them: for whoever uses the library and gives no others. */
export const readProcessEnv: () => Promise<Env> = loadConfig<Env>({
  environmentVariableSelector: env => env,
  configFileSelector: () => undefined,
  default: {},
});
