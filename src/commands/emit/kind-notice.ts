import { quote } from '../../core/base/quote.ts';
import { kindOf } from '../../core/component/component.ts';
import type { CommandContext } from '../command.ts';

/** Kinds of which nobody has to look up whether a service is called so. */
const COMMON_KINDS: readonly (string | undefined)[] = ['lambda', 'layer', 'stack'];
/** A word that is that much longer or shorter is another word. */
const LENGTH = 2;

/**
 * Says of kinds of components under which no change will ever be found what was meant, if that can be told: kinds of one's own are
 * allowed, and a slip of the pen is told from them by a service whose name is near.
 */
export async function noticeKinds(components: readonly string[], { out }: CommandContext): Promise<void> {
  const kinds = new Set(components.map(kindOf).filter(kind => !COMMON_KINDS.includes(kind)));
  if (kinds.size === 0) return;
  const { nearestServices, serviceCalled } = await import('../../core/services/names.ts');
  const { kindsOfThing } = await import('../../core/services/things-called.ts');
  for (const kind of kinds) {
    const service = kind === undefined ? undefined : serviceCalled(kind);
    if (kind === undefined || service === kind) continue;
    const isAlike = (name: string): boolean => Math.abs(name.length - kind.length) <= LENGTH;
    const alike = service === undefined ? nearestServices(kind).filter(isAlike) : [service];
    // A word for a thing is near to some service by chance: a bucket is no braket.
    const things = service === undefined && alike.length > 0 ? kindsOfThing(kind) : [];
    const near = things.length > 0 ? things : alike;
    if (near.length > 0) {
      out.warn(
        `no service is known as ${quote(kind)}, so that no change is found for it; did you mean ${near.join(' or ')}?`,
      );
    }
  }
}
