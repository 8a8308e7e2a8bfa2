import { quote } from '../core/base/quote.ts';
import { DEFAULT_CONFIG_FILE } from './config-file.ts';
import type { OptionTable } from './option.ts';
import type { OptionSources } from './resolve.ts';
import { describeSettings } from './settings.ts';

/**
 * One line about what the settings file decides in this run, or nothing where it decides nothing. The file mostly lies in a checkout,
 * so that whoever may change a branch changes with it what is looked at, and what counts.
 */
export function describeFileSettings(table: OptionTable, sources: OptionSources): string | undefined {
  const { config } = sources.flags;
  const file = typeof config === 'string' && config !== '' ? config : DEFAULT_CONFIG_FILE;
  const settings = describeSettings(table, sources, file).filter(({ origin }) => origin === 'file');
  if (settings.length === 0) return undefined;
  const told = settings.map(({ name, value }) => `--${name} ${quote(value)}`);
  return `${quote(file)} decides what this run looks at and what counts: ${told.join(', ')}`;
}
