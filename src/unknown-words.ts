// What a command line has that cannot be taken. Few are wrong, and so no other start reads it.
import { FLAGS } from './commands/all-settings.ts';
import type { Command } from './commands/command.ts';
import { COMMANDS } from './commands/table.ts';
import { flagMeantBy } from './config/flag-words.ts';
import type { OptionTable } from './config/option.ts';
import { findNear, offerNames } from './core/base/nearest.ts';
import { quote } from './core/base/quote.ts';
import { DeployMarkerError } from './errors/deploy-marker-error.ts';

/** What is first on the command line is no command, or nothing is. */
export function unknownCommand(name: string | undefined): DeployMarkerError {
  const names = COMMANDS.map(command => command.name);
  if (name === undefined || name.startsWith('-')) {
    const why = name === undefined ? 'no command is given' : 'the command comes first';
    return new DeployMarkerError('USAGE', `${why}; there are ${names.join(', ')}`);
  }
  return new DeployMarkerError('USAGE', `${quote(name)} is not a command`, {
    hint: offerNames(name, names, 'the commands'),
  });
}

/** What is known of a flag that the command does not have. */
interface UnknownFlag {
  readonly known: OptionTable;
  readonly value: unknown;
}

/** The command has no such flag; the hint is what was meant, if anything is near. */
export function unknownFlag(flag: string, command: string, given: UnknownFlag): DeployMarkerError {
  const dashes = flag.length === 1 ? '-' : '--';
  return new DeployMarkerError('USAGE', `${dashes}${flag} is not a flag of ${command}`, {
    hint: guessFlag(flag, command, given) ?? `see deploy-marker ${command} --help`,
  });
}

/** What was meant by a flag, if anything is near. */
function guessFlag(flag: string, command: string, { known, value }: UnknownFlag): string | undefined {
  // Our flags are lower-case, and parameters of templates are not.
  if (known['param'] !== undefined && /^[A-Z]\w+$/.test(flag)) {
    const shown = typeof value === 'string' && /^[\w.:,/@+-]+$/.test(value) ? value : 'VALUE';
    return `write --param ${flag}=${shown}`;
  }
  // No long flag is near to a single letter.
  if (flag.length === 1) return undefined;
  const meant = flagMeantBy(flag, value, name => Object.hasOwn(known, name));
  if (meant !== undefined) return `did you mean ${meant}?`;
  const near = findNear(flag, Object.keys(known));
  if (near.length > 0) return `did you mean ${near.map(name => `--${name}`).join(' or ')}?`;
  const others = Object.entries<OptionTable>(FLAGS).flatMap(([name, options]) =>
    Object.hasOwn(options, flag) ? [name] : [],
  );
  return others.length === 0
    ? undefined
    : `it is a flag of ${others.join(', ')}; see deploy-marker ${command} --help`;
}

/** The command takes no argument. */
export function unexpectedArgument(word: string, command: Command): DeployMarkerError {
  return new DeployMarkerError('USAGE', `${command.name} takes no argument, got ${quote(word)}`, {
    hint: `give it to a flag, or see deploy-marker ${command.name} --help`,
  });
}
