import { fromRoot, type MenuEntry, type ReadConfig } from "./menu-entry.ts";

interface Label {
  readonly name: string;
  title?: string;
  kernel?: string;
  append?: string;
  initrds?: readonly string[];
  isDefault?: boolean;
}

interface Menu {
  readonly labels: Label[];
  /** The label that is being read. */
  label?: Label | undefined;
  /** The parameters of the labels that have none. */
  append: string;
  default?: string;
  /** Menus around the present one. */
  readonly titles: string[];
}

/**
 * Reads a configuration of ISOLINUX or SYSLINUX with the files that it includes. The directives are from SYSLINUX's
 * wiki (Config, Menu).
 *
 * @param folder that of the first configuration, where all relative paths begin
 */
export async function readSyslinuxMenu(
  text: string,
  folder: string,
  read: ReadConfig,
): Promise<readonly MenuEntry[]> {
  const menu: Menu = { labels: [], append: "", titles: [] };
  await readLines(text, menu, (path) => read(fromRoot(folder, path)));
  return menu.labels.flatMap((label) => toEntry(label, menu, folder));
}

async function readLines(text: string, menu: Menu, read: ReadConfig): Promise<void> {
  const include = async (path = "") => {
    const content = await read(path);
    if (content !== undefined) await readLines(content, menu, read);
  };
  let isHelp = false;
  for (const line of text.split(/\r?\n/)) {
    const [word, value] = firstWord(line);
    const keyword = word.toLowerCase();
    const { label } = menu;
    if (isHelp) isHelp = keyword !== "endtext";
    else if (keyword === "text") isHelp = value.toLowerCase() === "help";
    else if (keyword === "label") {
      menu.label = { name: value };
      menu.labels.push(menu.label);
    } else if (keyword === "include") await include(value);
    else if (keyword === "menu") {
      const [inner, rest] = firstWord(value);
      if (inner.toLowerCase() === "include") await include(rest.split(/\s+/)[0]);
      else readMenuLine(inner.toLowerCase(), rest, menu);
    } else if (keyword === "default" || (keyword === "ontimeout" && menu.default === undefined))
      menu.default = value;
    else if (keyword === "kernel" || keyword === "linux") {
      if (label) label.kernel = value;
    } else if (keyword === "initrd") {
      if (label) label.initrds = value.split(",").filter(Boolean);
    } else if (keyword === "append") {
      if (label) label.append = value;
      else menu.append = value;
    }
  }
}

/** The first word of a line, and the rest of it. */
function firstWord(line: string): readonly [word: string, rest: string] {
  const text = line.trim();
  const end = text.search(/\s/);
  return end < 0 ? [text, ""] : [text.slice(0, end), text.slice(end).trim()];
}

function readMenuLine(keyword: string, value: string, menu: Menu): void {
  const { label, titles } = menu;
  // A "^" is before the letter that chooses the entry.
  const text = value.replace("^", "");
  if (keyword === "label" && label) label.title = [...titles, text].filter(Boolean).join(" > ");
  if (keyword === "default" && label) label.isDefault = true;
  if (keyword === "title" && titles.length > 0) titles[titles.length - 1] = text;
  if (keyword === "begin") titles.push("");
  if (keyword === "end") titles.pop();
  // A menu has a label and a default of its own.
  if (keyword === "begin" || keyword === "end") menu.label = undefined;
}

function toEntry(label: Label, menu: Menu, folder: string): readonly MenuEntry[] {
  if (!label.kernel) return [];
  const words = (label.append === "-" ? "" : (label.append ?? menu.append)).split(/\s+/).filter(Boolean);
  const isInitrd = (word: string) => word.startsWith("initrd=");
  const inLine = words.filter(isInitrd).flatMap((word) => word.slice("initrd=".length).split(","));
  const initrds = label.initrds ?? inLine.filter(Boolean);
  return [
    {
      title: label.title ?? label.name,
      kernel: fromRoot(folder, label.kernel),
      initrds: initrds.map((path) => fromRoot(folder, path)),
      parameters: words.filter((word) => !isInitrd(word)).join(" "),
      isDefault: label.isDefault ?? menu.default === label.name,
    },
  ];
}
