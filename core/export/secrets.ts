import { homedir, userInfo } from "node:os";
import { escapePattern, latin1 } from "./byte-text.ts";
import { credentials } from "./credentials.ts";
import { findPattern, type OnReplaced, type Replacement } from "./replacer.ts";
import { shortValues, values } from "./secret-values.ts";

/** Values that must not leave this host. */
export interface Secrets {
  /** The values, by their names, of the environment that a person gave to a task. */
  readonly variables: Readonly<Record<string, string>>;
  /** Absolute; replaced by ~. */
  readonly homes: readonly string[];
  readonly user: string;
}

/** A user of a shorter name, or root, who is everywhere, is not looked for. */
const shortestUser = 3;

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

/** Replaces all secrets, one kind after another. */
export function replacementsOf(secrets: Secrets, onReplaced: OnReplaced): readonly Replacement[] {
  return [
    values(secrets.variables, onReplaced),
    shortValues(secrets.variables, onReplaced),
    credentials(onReplaced),
    homes(secrets, onReplaced),
    user(secrets, onReplaced),
  ].filter((replacement) => replacement !== undefined);
}

function homes({ homes: all }: Secrets, onReplaced: OnReplaced): Replacement | undefined {
  const longestFirst = [...all].sort((a, b) => b.length - a.length);
  const paths = longestFirst.filter((home) => home.length > 1).map(latin1);
  if (paths.length === 0) return undefined;
  return {
    find: findPattern(
      new RegExp(`(?<![\\w.-])(?:${paths.map(escapePattern).join("|")})(?![\\w-])`, "g"),
      () => {
        onReplaced("your home folder");
        return "~";
      },
    ),
    reach: Math.max(...paths.map(({ length }) => length)),
  };
}

function user({ user: name }: Secrets, onReplaced: OnReplaced): Replacement | undefined {
  if (name === "root" || name.length < shortestUser) return undefined;
  return {
    find: findPattern(new RegExp(`(?<![\\w-])${escapePattern(latin1(name))}(?![\\w-])`, "g"), () => {
      onReplaced("your user name");
      return "[user]";
    }),
    reach: Buffer.byteLength(name),
  };
}
