import { isValue } from '../ci/env-value.ts';
import type { Env } from '../io/io.ts';
import { cksum } from './cksum.ts';
import { type ProgramScene, runCircleci, substitute } from './substitution.ts';

/** Where what is said goes. */
export interface ReleaseScene extends ProgramScene {
  readonly say: (line: string) => void;
  readonly warn: (line: string) => void;
}

/** What CircleCI calls the states that ours have. */
const STATUS: Readonly<Record<string, string>> = { running: 'RUNNING', failed: 'FAILED', success: 'SUCCESS' };

async function readText(name: string, scene: ReleaseScene): Promise<string> {
  const text = await substitute(scene.env[`MARKER_ORB_${name}`] ?? '', 'its parameters', scene);
  return isValue(text) ? text.trimEnd() : '';
}

/** Plans are told apart by a name that is unique in the workflow, so the job is part of it; the sum tells apart what is made equal. */
function planName(environment: string, component: string, env: Env): string {
  const words = `deploy-${environment}-${component}-${env['CIRCLE_WORKFLOW_JOB_ID'] ?? ''}`;
  return `${Buffer.from(words)
    .toString('latin1')
    .replace(/[^A-Za-z0-9_.]/g, '-')}-${cksum(component)}`;
}

async function update(component: string, environment: string, scene: ReleaseScene): Promise<boolean> {
  const status = STATUS[scene.env['MARKER_ORB_STR_STATUS'] ?? ''] ?? 'FAILED';
  const plan = planName(environment, component, scene.env);
  const run = async (...args: string[]): Promise<boolean> => {
    const result = await runCircleci(['run', 'release', ...args], scene);
    if (result?.stderr) scene.warn(result.stderr.trimEnd());
    return result !== undefined && result.failure === undefined;
  };
  if (status === 'RUNNING') {
    const version =
      (await readText('STR_TARGET_VERSION', scene)) || (scene.env['CIRCLE_SHA1'] ?? 'unknown').slice(0, 7);
    const name = component.slice(component.lastIndexOf(':') + 1);
    const flags = [
      `--environment-name=${environment}`,
      `--component-name=${name}`,
      `--target-version=${version}`,
    ];
    if (!(await run('plan', plan, ...flags))) return false;
  }
  if (!(await run('update', plan, `--status=${status}`))) return false;
  scene.say(`CircleCI's own deploy marker ${plan}: ${status}`);
  return true;
}

/**
 * Keeps CircleCI's own deploy marker, a page in its UI, in step with ours. Best effort: what fails is a warning.
 * https://circleci.com/docs/guides/deploy/configure-deploy-markers/
 */
export async function updateRelease(scene: ReleaseScene): Promise<void> {
  if ((await runCircleci(['version'], scene)) === undefined) {
    scene.say("no program circleci to tell: CircleCI's own deploy marker stays as it is");
    return;
  }
  const environment = await readText('STR_ENV', scene);
  const components = (await readText('LIST_COMPONENT', scene)).split('\n').filter(Boolean);
  for (const component of components) {
    if (!(await update(component, environment, scene)))
      scene.warn(`CircleCI's own deploy marker of ${JSON.stringify(component)} was not updated`);
  }
}
