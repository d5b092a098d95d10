import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { KeyboardLayout } from "../../../shared/machine/keyboard-layout.ts";
import { runCommand } from "../../process/run-command.ts";
import { askQemu } from "../hardware/capabilities.ts";
import { completeLayout, parseKeymap } from "./keymap.ts";

/** The layout that non-Latin keyboards have beside their own letters. */
const latinLayout = "en-us";

const layouts = new Map<string, Promise<KeyboardLayout>>();

/**
 * Finds which keys type which characters, by the same data as QEMU's `-k`.
 *
 * @throws the system's error when this QEMU has no such keymap, with which it would not have started
 */
export function findKeyboardLayout(name: string): Promise<KeyboardLayout> {
  const layout = layouts.get(name) ?? loadLayout(name);
  layouts.set(name, layout);
  layout.catch(() => layouts.delete(name));
  return layout;
}

async function loadLayout(name: string): Promise<KeyboardLayout> {
  const { program } = await askQemu();
  const folders = (await runCommand([program, "-L", "help"])).trim().split("\n");
  const [layout, latin] = await Promise.all([readLayout(folders, name), readLayout(folders, latinLayout)]);
  return completeLayout(layout, latin);
}

async function readLayout(folders: readonly string[], name: string): Promise<KeyboardLayout> {
  const texts = new Map<string, string>();
  const read = async (keymap: string) => {
    const text = await Promise.any(
      folders.map((folder) => readFile(join(folder, "keymaps", keymap), "utf8")),
    );
    texts.set(keymap, text);
    for (const [, included = ""] of text.matchAll(/^include\s+(\S+)/gm)) await read(included);
    return text;
  };
  return parseKeymap(name, await read(name), (included) => texts.get(included) ?? "");
}
