import { quote } from '../../core/base/quote.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';

const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;

// Variables through which shells, loaders, language runtimes and git run other programs, or CI systems their steps, and
// those that bash sets itself (some cannot be set, and end the script that tries).
const RESERVED =
  /^(?:PATH|HOME|SHELL|ENV|IFS|_|UID|EUID|PPID|PWD|OLDPWD|SHLVL|DIRSTACK|FUNCNAME|GROUPS|HISTCMD|HOSTNAME|HOSTTYPE|MACHTYPE|OSTYPE|TERM|LINENO|LINES|COLUMNS|OPT(?:ARG|ERR|IND)|PIPESTATUS|S?RANDOM|SECONDS|EPOCH(?:REALTIME|SECONDS)|MAPFILE|REPLY|COMP_.*|COPROC|CDPATH|PS[0-4]|PROMPT_COMMAND|SHELLOPTS|GLOBIGNORE|EDITOR|VISUAL|PAGER|OPENSSL_CONF|GCONV_PATH|LOCPATH|GLIBC_TUNABLES|TMOUT|FUNCNEST|HISTFILE|POSIXLY_CORRECT|JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|JDK_JAVA_OPTIONS|(?:BASH|LD_|DYLD_|NODE_|NPM_|PYTHON|PERL|RUBY|GIT_|GITHUB_|RUNNER_|CIRCLE).*)$/i;

/**
 * Checks the name of a variable that a user wants to be set for later steps.
 *
 * @throws DeployMarkerError USAGE if it is no name, or one that shells, loaders or the CI system use themselves.
 */
export function checkVariableName(name: string): string {
  if (!VARIABLE.test(name)) {
    throw new DeployMarkerError(
      'USAGE',
      `${quote(name)} is not a variable name; it must match [A-Za-z_][A-Za-z0-9_]*`,
    );
  }
  if (RESERVED.test(name)) {
    throw new DeployMarkerError(
      'USAGE',
      `${name} is a variable that shells, loaders or the CI system use themselves`,
      {
        hint: 'choose another name, for example ROLE_SESSION_NAME',
      },
    );
  }
  return name;
}

/** A line of shell that sets and exports a variable to exactly this value, whatever characters it has. */
export function toExportLine(name: string, value: string): string {
  return `export ${name}='${value.replaceAll("'", `'\\''`)}'`;
}

/**
 * Lines for the file `$GITHUB_ENV` that set a variable to exactly this value.
 * Source: https://docs.github.com/actions/reference/workflow-commands-for-github-actions#multiline-strings
 *
 * @param delimiter a word that the value does not hold
 */
export function toGithubEnvLines(name: string, value: string, delimiter: string): string {
  return /[\r\n]/.test(value) ? `${name}<<${delimiter}\n${value}\n${delimiter}` : `${name}=${value}`;
}
