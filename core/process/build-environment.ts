/**
 * The variables that a build command gets without being named in a recipe: who runs it, where this user's caches are,
 * and how this host finds programs, reaches the internet and trusts servers. They don't decide what is built. All
 * others are left out, so that an image does not depend on the terminal that it is built from.
 */
const hostVariables =
  /^(PATH|HOME|USER|LOGNAME|SHELL|TMPDIR|TERM|XDG_(RUNTIME_DIR|CACHE_HOME|CONFIG_HOME|DATA_HOME)|SSH_AUTH_SOCK|GO(PATH|CACHE|MODCACHE|PROXY|PRIVATE))$|_proxy$|_PROXY$|CERT|CA_BUNDLE|CAINFO/;

/**
 * The environment of a command that a recipe names, as options for `runCommand`.
 *
 * @param named further variables of this process @param own variables with their values
 */
export function buildEnvironment(named: readonly string[] = [], own: Readonly<Record<string, string>> = {}) {
  return { inherit: hostVariables, env: { LC_ALL: "C.UTF-8", ...namedVariables(named), ...own } };
}

function namedVariables(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
