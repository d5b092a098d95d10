import { fromRoot, type MenuEntry, type ReadConfig } from "./menu-entry.ts";

/** An entry, or a menu in the menu, that is being read. */
interface Block {
  readonly title: string;
  readonly isEntry: boolean;
  kernel?: string;
  initrds: readonly string[];
  words: readonly string[];
}

interface Menu {
  readonly entries: Omit<MenuEntry, "isDefault">[];
  /** The number or title of the default entry. */
  default: string;
}

/**
 * Reads a configuration of GRUB 2 with the files that it sources. It is not run: conditions are ignored, so that the
 * entries of all branches are found, and variables stay as they are. The commands are from GRUB's manual (16, 17).
 */
export async function readGrubMenu(text: string, read: ReadConfig): Promise<readonly MenuEntry[]> {
  const menu: Menu = { entries: [], default: "0" };
  await readLines(text, menu, [], read);
  return menu.entries.map((entry, index) => ({
    ...entry,
    isDefault: menu.default === `${index}` || menu.default === entry.title,
  }));
}

async function readLines(text: string, menu: Menu, blocks: Block[], read: ReadConfig): Promise<void> {
  for (const { words: all, opensBlock } of commandsOf(text)) {
    const [command = "", ...words] = all;
    const block = blocks.at(-1);
    if (opensBlock) {
      const isMenu = command === "menuentry" || command === "submenu";
      const title = isMenu ? titleOf(words) : "";
      blocks.push({ title, isEntry: command === "menuentry", initrds: [], words: [] });
    } else if (command === "}") closeBlock(menu, blocks);
    else if (/^linux(16|efi)?$/.test(command) && block) {
      block.kernel = words[0] ?? "";
      block.words = words.slice(1);
    } else if (/^initrd(16|efi)?$/.test(command) && block) block.initrds = words;
    else if (command === "set" && words[0]?.startsWith("default="))
      menu.default = words[0].slice("default=".length);
    else if (["source", "configfile", "."].includes(command)) {
      const content = await read(withoutDevice(words[0] ?? ""));
      if (content !== undefined) await readLines(content, menu, [...blocks], read);
    }
  }
}

function closeBlock(menu: Menu, blocks: Block[]): void {
  const outer = blocks.slice(0, -1).map(({ title }) => title);
  const block = blocks.pop();
  if (!block?.isEntry || !block.kernel) return;
  menu.entries.push({
    title: [...outer, block.title].filter(Boolean).join(" > "),
    kernel: withoutDevice(block.kernel),
    initrds: block.initrds.map(withoutDevice),
    parameters: block.words.map((word) => (/\s/.test(word) ? `"${word}"` : word)).join(" "),
  });
}

/** A path without the device before it, `(cd0)/boot` or `($root)/boot`. */
function withoutDevice(path: string): string {
  return fromRoot("", path.replace(/^\([^)]*\)/, ""));
}

/** The title of a menu or an entry, which may be behind its options, without the dots that lead to a menu. */
function titleOf(words: readonly string[]): string {
  const takesNext = ["--class", "--users", "--hotkey", "--id"];
  const title = words.find((word, at) => !word.startsWith("--") && !takesNext.includes(words[at - 1] ?? ""));
  return (title ?? "").replace(/^\.\.\. | \.\.\.$/g, "");
}

interface Command {
  /** Without their quotes. */
  readonly words: readonly string[];
  /** Whether a brace follows. */
  readonly opensBlock: boolean;
}

/** A comment; the end of a command; a word, parts of which may be in quotes. */
const tokens = /(?<![^\s;])#[^\n]*|([\n;])|((?:"(?:\\[\s\S]|[^"\\])*"|'[^']*'|\\[\s\S]|[^\s"'\\;])+)/g;

/** The commands of a configuration; a "}" is one. */
function* commandsOf(text: string): Generator<Command> {
  let words: string[] = [];
  const end = (opensBlock: boolean): readonly Command[] => {
    const command = { words, opensBlock };
    words = [];
    return opensBlock || command.words.length > 0 ? [command] : [];
  };
  for (const [, separator, word] of text.replace(/\\\r?\n/g, " ").matchAll(tokens)) {
    if (separator !== undefined) yield* end(false);
    else if (word === "{") yield* end(true);
    else if (word === "}") {
      yield* end(false);
      yield { words: [word], opensBlock: false };
    } else if (word !== undefined) words.push(unquoted(word));
  }
  yield* end(false);
}

function unquoted(word: string): string {
  return word.replace(/"((?:\\[\s\S]|[^"\\])*)"|'([^']*)'|\\([\s\S])/g, (_all, double, single, escaped) =>
    double === undefined ? (single ?? escaped) : double.replace(/\\([\s\S])/g, "$1"),
  );
}
