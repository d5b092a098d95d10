import { escapePattern, latin1 } from "./byte-text.ts";
import type { Secrets } from "./own-secrets.ts";
import { findPattern, type OnReplaced, type Replacement } from "./replacer.ts";

/** A user of a shorter name, or root, who is everywhere, is not looked for. */
const shortestUser = 3;

/** Replaces the paths of home folders by ~. */
export function homeFolders({ homes: all }: Secrets, onReplaced: OnReplaced): Replacement | undefined {
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

/** Replaces the name of the user. */
export function userName({ user: name }: Secrets, onReplaced: OnReplaced): Replacement | undefined {
  if (name === "root" || name.length < shortestUser) return undefined;
  return {
    find: findPattern(new RegExp(`(?<![\\w-])${escapePattern(latin1(name))}(?![\\w-])`, "g"), () => {
      onReplaced("your user name");
      return "[user]";
    }),
    reach: Buffer.byteLength(name),
  };
}
