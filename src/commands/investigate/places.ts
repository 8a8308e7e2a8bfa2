import type { Pace } from '../../aws/client/pace.ts';
import type { StackDrift } from '../../aws/cloudformation/stack-drift.ts';
import type { ConfigHistory } from '../../aws/config/config-history.ts';
import type { Place } from '../../core/investigate/config-types.ts';
import type { CommandContext } from '../command.ts';
import { connectTo } from '../trail/accounts.ts';
import type { TrailFlags } from '../trail/sources.ts';
import type { MissingParts } from './parts.ts';

/** Config and CloudFormation of one account and Region. */
export interface OpenPlace {
  readonly config: ConfigHistory;
  readonly stacks: StackDrift;
}

/** Opens accounts and Regions as they are needed, each once. */
export interface Places {
  /** Undefined where nobody gave credentials for the account, which is noted. */
  open(place: Place): Promise<OpenPlace | undefined>;
  /** The account of the caller's own credentials in a Region; undefined where STS does not say, which is noted. */
  ownAccount(region: string): Promise<string | undefined>;
  close(): void;
}

/** Loads what asks AWS when the first place is opened. */
export function createPlaces(
  flags: Pick<TrailFlags, 'account'>,
  missing: MissingParts,
  { signal, context }: { readonly signal: AbortSignal; readonly context: CommandContext },
): Places {
  const opened = new Map<string, Promise<OpenPlace | undefined>>();
  const open: OpenPlace[] = [];
  let pace: Pace | undefined;
  let own: Promise<string | undefined> | undefined;

  function ownAccount(region: string): Promise<string | undefined> {
    own ??= missing.attempt('AWS Config and drift, which need the account of these credentials', async () => {
      const { readCallerIdentity } = await import('../../aws/sts/caller-identity.ts');
      const { options } = connectTo({ account: '', region }, flags, context);
      return (await readCallerIdentity(options, signal)).account;
    });
    return own;
  }

  async function connect(place: Place): Promise<OpenPlace | undefined> {
    const { options, isOwn } = connectTo(place, flags, context);
    if (isOwn && !(await isOwnAccount(place))) return undefined;
    const [{ createConfigPace, openConfigHistory }, { openStackDrift }] = await Promise.all([
      import('../../aws/config/config-history.ts'),
      import('../../aws/cloudformation/stack-drift.ts'),
    ]);
    pace ??= createConfigPace();
    const made = { config: openConfigHistory(options, pace), stacks: openStackDrift(options) };
    open.push(made);
    return made;
  }

  /** Another account may have a function of the same name: what is said of that one would be wrong here. */
  async function isOwnAccount({ account, region }: Place): Promise<boolean> {
    const found = await ownAccount(region);
    if (found === undefined) return false;
    if (found === account || account === '') return true;
    missing.lack(
      `account ${account}`,
      `these credentials are those of ${found}, so that AWS Config and CloudFormation of ${account} were not asked`,
      `pass --account ${account}=ROLE_ARN with a role that may read there`,
    );
    return false;
  }

  return {
    open(place) {
      const key = `${place.account} ${place.region}`;
      const known = opened.get(key) ?? connect(place);
      opened.set(key, known);
      return known;
    },
    ownAccount,
    close() {
      for (const { config, stacks } of open) {
        config.close();
        stacks.close();
      }
    },
  };
}
