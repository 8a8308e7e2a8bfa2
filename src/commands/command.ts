import { describeFileSettings } from '../config/file-notice.ts';
import type { OptionTable } from '../config/option.ts';
import { type OptionSources, type Resolved, resolveOptions } from '../config/resolve.ts';
import { secretsOf } from '../config/settings.ts';
import type { Redactor } from '../errors/redactor.ts';
import type { Io } from '../io/io.ts';
import type { Output } from '../io/output.ts';

/** What a command knows of the run around it. */
export interface CommandContext {
  readonly io: Io;
  readonly out: Output;
  readonly redactor: Redactor;
  /** `--json`: the result is one documented JSON object. */
  readonly json: boolean;
  /** `--color`: when results are coloured. */
  readonly color: string;
}

/** A command's input: flags resolved from every source, and what stood on the command line without a dash. */
export interface CommandInput<T extends OptionTable> extends Resolved<T> {
  readonly positionals: readonly string[];
  /** Where the flags were resolved from. */
  readonly sources: OptionSources;
}

/** What a command's module exports: it resolves when the work is done and confirmed, and throws otherwise. */
export interface CommandModule<T extends OptionTable> {
  run(input: CommandInput<T>, context: CommandContext): Promise<void>;
}

/** What the argument of a command can be, and what each is, under a title. */
export interface ArgumentList {
  readonly title: string;
  readonly rows: readonly (readonly [word: string, meaning: string])[];
}

/** What commands are called. */
export type CommandName =
  | 'session-name'
  | 'assume-role'
  | 'emit'
  | 'validate'
  | 'trace'
  | 'audit'
  | 'investigate'
  | 'query'
  | 'template'
  | 'doctor';

/** The light part of a command: all that the parser needs. */
interface CommandSpec<T extends OptionTable> {
  readonly name: CommandName;
  /** Whether it also takes what is a setting of another command, which its help does not repeat. */
  readonly takesAllSettings?: true;
  /** Whether its answer is a judgement: what a settings file changes of it is told in every run. */
  readonly isJudgement?: true;
  /** How help shows the arguments without a dash, for example `[file..]`; without it there are none. */
  readonly positionals?: string;
  /** What the argument can be, for help. */
  listArguments?(): Promise<ArgumentList>;
  /** Loads the flags: a run takes those of one command. */
  loadOptions(): Promise<T>;
  /** Loads the heavy part when the command runs. */
  load(): Promise<CommandModule<T>>;
}

/** A command, with its types folded away. */
export interface Command extends Omit<CommandSpec<OptionTable>, 'load'> {
  execute(sources: OptionSources, positionals: readonly string[], context: CommandContext): Promise<void>;
}

/** Ties a command's flags to the module that runs it, so that both agree on types. */
export function defineCommand<T extends OptionTable>(spec: CommandSpec<T>): Command {
  const { load, ...light } = spec;
  return {
    ...light,
    async execute(sources, positionals, context) {
      const options = await spec.loadOptions();
      for (const secret of secretsOf(options, sources)) context.redactor.learn(secret);
      const resolved = resolveOptions(options, sources);
      const told = spec.isJudgement && describeFileSettings(options, sources);
      if (told !== undefined) context.out.warn(told);
      const module = await load();
      await module.run({ ...resolved, positionals, sources }, context);
    },
  };
}
