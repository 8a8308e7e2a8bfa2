import { openStackResources, type StackMember } from '../../aws/cloudformation/stack-resources.ts';
import { quote } from '../../core/base/quote.ts';
import { parseDuration } from '../../core/time/duration.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import type { CommandContext } from '../command.ts';
import { startDeadline } from '../delivery/delivery.ts';
import { connectionOf } from '../sinks/connection.ts';
import { type EmitFlags, labelsOf, type MarkerFields, regionOf } from './fields.ts';
import { createFlagSource, type RecordSource } from './source.ts';

/** Label of every marker of a stack: it tells readers which components belong together. */
const STACK_LABEL = 'stack';

/**
 * One record for each stack that flags name, for each function and layer in it, and for each component named beside it.
 * The stacks are looked up when the records are first read, with the deploy's own credentials; a dry run looks nothing up.
 *
 * @throws DeployMarkerError USAGE
 */
export function createStackSource(flags: EmitFlags, context: CommandContext): RecordSource {
  const bad = flags.stack.find(name => !/^[A-Za-z][A-Za-z0-9-]{0,127}$/.test(name));
  if (bad !== undefined) {
    throw new DeployMarkerError('USAGE', `--stack must be the name of a stack, got ${quote(bad)}`, {
      hint: 'pass the name and not the ARN, for example --stack billing',
    });
  }
  if (STACK_LABEL in labelsOf(flags)) {
    throw new DeployMarkerError('USAGE', '--stack itself gives its markers the label stack', {
      hint: 'leave out the label stack, or choose another key for it',
    });
  }
  return createFlagSource(flags.component, () => readStacks(flags, context));
}

async function readStacks(flags: EmitFlags, context: CommandContext): Promise<MarkerFields[]> {
  const members = await findMembers(flags, context);
  return flags.stack.flatMap((stack, index) => {
    const labels = { ...labelsOf(flags), [STACK_LABEL]: stack };
    const own = (members[index] ?? []).map(({ component, version }) =>
      // A version that is given holds for everything of this call.
      version === undefined || flags['target-version'] !== undefined
        ? { component, labels }
        : { component, labels, target_version: version },
    );
    return [{ component: `stack:${stack}`, labels }, ...own];
  });
}

async function findMembers(
  flags: EmitFlags,
  context: CommandContext,
): Promise<readonly (readonly StackMember[])[]> {
  const { io, out } = context;
  if (flags['dry-run']) {
    out.note(`a dry run does not ask AWS for the functions and layers of ${flags.stack.join(', ')}`);
    return [];
  }
  const region = regionOf(flags, io.env);
  if (region === undefined) {
    throw new DeployMarkerError('USAGE', 'the Region of the stack is not known', {
      hint: 'set AWS_REGION, or pass --region',
    });
  }
  const { signal, stop } = startDeadline(parseDuration(flags.timeout, '--timeout'), io.signal);
  try {
    const list = openStackResources({ ...connectionOf(flags, region, context), role: undefined, region });
    const members: (readonly StackMember[])[] = [];
    for (const stack of flags.stack) members.push(await list(stack, signal));
    return members;
  } finally {
    stop();
  }
}
