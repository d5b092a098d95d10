import { homedir, userInfo } from "node:os";
import { credentials } from "./credentials.ts";
import type { Replacement } from "./replacer.ts";
import { shortestValue, valueForms } from "./value-forms.ts";

/** What must not leave this host. */
export interface Secrets {
  /** The values, by their names, of the environment that a person gave to a task. */
  readonly variables: Readonly<Record<string, string>>;
  /** Absolute; replaced by ~. */
  readonly homes: readonly string[];
  readonly user: string;
}

/** Told each time that something was replaced, and what it was. */
export type OnReplaced = (what: string) => void;

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
    values(secrets, onReplaced),
    shortValues(secrets, onReplaced),
    credentials(onReplaced),
    homes(secrets, onReplaced),
    user(secrets, onReplaced),
  ].filter((replacement) => replacement !== undefined);
}

/** What stands in the place of a variable's value. */
export function valueMark(name: string, onReplaced: OnReplaced): string {
  onReplaced(`the value of ${name}`);
  return `[value of ${name}]`;
}

function values({ variables }: Secrets, onReplaced: OnReplaced): Replacement | undefined {
  const names = new Map<string, string>();
  for (const [name, value] of Object.entries(variables))
    if (Buffer.byteLength(value) >= shortestValue)
      for (const form of valueForms(value)) names.set(latin1(form), name);
  if (names.size === 0) return undefined;
  const texts = [...names.keys()].sort((a, b) => b.length - a.length);
  const mark = (text: string) => latin1(valueMark(names.get(text) ?? "", onReplaced));
  return {
    pattern: new RegExp(texts.map(quote).join("|"), "g"),
    reach: Math.max(...texts.map(({ length }) => length)),
    replace: ([text]) => mark(text),
    replaceCut: (end) => {
      const cuts = texts.map((text) => ({ text, length: beginningAtEnd(text, end) }));
      const { text, length } = cuts.reduce((longest, cut) => (cut.length > longest.length ? cut : longest));
      return length < shortestValue ? undefined : { length, by: mark(text) };
    },
  };
}

/** How much of the beginning of a text is at the end of another one, short of all of it. */
function beginningAtEnd(text: string, end: string): number {
  let length = Math.min(text.length - 1, end.length);
  while (length >= shortestValue && !end.endsWith(text.slice(0, length))) length--;
  return length;
}

/** Values that are too short to be looked for on their own: behind their names, as in NAME=on and "NAME": "on". */
function shortValues({ variables }: Secrets, onReplaced: OnReplaced): Replacement | undefined {
  const short = new Map(
    Object.entries(variables)
      .filter(([, value]) => value !== "" && Buffer.byteLength(value) < shortestValue)
      .map(([name, value]) => [latin1(name), latin1(value)]),
  );
  if (short.size === 0) return undefined;
  const oneOf = (texts: Iterable<string>) => [...texts].map(quote).join("|");
  const longestName = Math.max(...[...short.keys()].map(({ length }) => length));
  return {
    pattern: new RegExp(
      `(?<!\\w)(${oneOf(short.keys())})(=["']?|": ?")(${oneOf(short.values())})(?!\\w)`,
      "g",
    ),
    reach: longestName + shortestValue * 2,
    replace: ([text, name = "", between = "", value]) =>
      short.get(name) === value ? name + between + latin1(valueMark(utf8(name), onReplaced)) : text,
  };
}

function homes({ homes: all }: Secrets, onReplaced: OnReplaced): Replacement | undefined {
  const paths = all.filter((home) => home.length > 1).map(latin1);
  if (paths.length === 0) return undefined;
  return {
    pattern: new RegExp(`(?<![\\w.-])(?:${paths.map(quote).join("|")})(?![\\w-])`, "g"),
    reach: Math.max(...paths.map(({ length }) => length)),
    replace: () => {
      onReplaced("your home folder");
      return "~";
    },
  };
}

function user({ user: name }: Secrets, onReplaced: OnReplaced): Replacement | undefined {
  if (name === "root" || name.length < shortestUser) return undefined;
  return {
    pattern: new RegExp(`(?<![\\w-])${quote(latin1(name))}(?![\\w-])`, "g"),
    reach: Buffer.byteLength(name),
    replace: () => {
      onReplaced("your user name");
      return "[user]";
    },
  };
}

function quote(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}

/** The bytes of a text, each as one character: what replacements work on. */
export function latin1(text: string): string {
  return Buffer.from(text).toString("latin1");
}

/** The text whose bytes these are. */
export function utf8(bytes: string): string {
  return Buffer.from(bytes, "latin1").toString();
}
