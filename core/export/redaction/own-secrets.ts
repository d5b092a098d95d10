import { homedir, userInfo } from "node:os";

/** Values that must not leave this host. */
export interface Secrets {
  /** The values, by their names, of the environment that a person gave to a task. */
  readonly variables: Readonly<Record<string, string>>;
  /** Absolute; replaced by ~. */
  readonly homes: readonly string[];
  readonly user: string;
}

/** The user of this process, and a task's variables. */
export function ownSecrets(variables: Secrets["variables"]): Secrets {
  const { username, homedir: home } = knownUser();
  return { variables, homes: [...new Set([homedir(), home])], user: username };
}

/** In a container the process may belong to a user that the system has no name for. */
function knownUser(): { readonly username: string; readonly homedir: string } {
  try {
    return userInfo();
  } catch {
    return { username: process.env.USER ?? "", homedir: homedir() };
  }
}
