import { openStackResources, type StackContent } from '../../aws/cloudformation/stack-resources.ts';
import { quote } from '../../core/base/quote.ts';
import { parseDuration } from '../../core/time/duration.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import type { CommandContext } from '../command.ts';
import { startDeadline } from '../delivery/deadline.ts';
import { connectionOf } from '../sinks/connection.ts';
import { unknownRegion } from '../unknown-region.ts';
import { type EmitFlags, labelsOf, type MarkerFields, regionOf } from './fields.ts';
import { createFlagSource, type RecordSource } from './source.ts';

/** Label of every marker of a stack: it tells readers which components belong together. */
const STACK_LABEL = 'stack';

/** So many types of resources are named in one line. */
const MOST_NAMED = 8;

/**
 * One record for each stack that flags name, for each resource in it of a type that the table of services has, and for each component
 * named beside it.
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
  const contents = await findContents(flags, context);
  for (const [index, stack] of flags.stack.entries()) tellLeftOut(stack, contents[index], context);
  return flags.stack.flatMap((stack, index) => {
    const labels = { ...labelsOf(flags), [STACK_LABEL]: stack };
    const own = (contents[index]?.members ?? []).map(({ component, version }) =>
      // A version that is given holds for everything of this call.
      version === undefined || flags['target-version'] !== undefined
        ? { component, labels }
        : { component, labels, target_version: version },
    );
    return [{ component: `stack:${stack}`, labels }, ...own];
  });
}

/** Whoever reads markers would otherwise take a stack's for all that is in it. */
function tellLeftOut(stack: string, content: StackContent | undefined, { out }: CommandContext): void {
  const types = content?.leftOut ?? [];
  if (types.length === 0) return;
  const names = [...new Set(types)].toSorted();
  const more = names.length > MOST_NAMED ? `, and ${names.length - MOST_NAMED} more types` : '';
  const what = types.length === 1 ? '1 resource' : `${types.length} resources`;
  out.note(
    `note: ${what} of ${stack} got no marker of ${types.length === 1 ? 'its' : 'their'} own: ${names.slice(0, MOST_NAMED).join(', ')}${more}`,
  );
}

async function findContents(flags: EmitFlags, context: CommandContext): Promise<readonly StackContent[]> {
  const { io, out } = context;
  if (flags['dry-run']) {
    out.note(`a dry run does not ask AWS for the resources of ${flags.stack.join(', ')}`);
    return [];
  }
  const region = regionOf(flags, io.env);
  if (region === undefined) throw unknownRegion('of the stack', io.env);
  const { signal, stop } = startDeadline(parseDuration(flags.timeout, '--timeout'), io.signal);
  try {
    const list = openStackResources({ ...connectionOf(flags, region, context), role: undefined, region });
    const contents: StackContent[] = [];
    for (const stack of flags.stack) contents.push(await list(stack, signal));
    return contents;
  } finally {
    stop();
  }
}
