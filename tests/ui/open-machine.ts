import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { EditorPage } from "./editor-page.ts";
import type { ScriptedEngine } from "./scripted-engine.ts";
import type { TinsmithPage } from "./tinsmith-page.ts";

/** A definition as a person may have written it. */
export const machine = `{
    "version": 1,
    "sound":    "none",
    "memory": 512,


    "keyboardLayout" : "da", "usb": "nec-usb-xhci"
}
`;

/** Opens a machine definition with that text. */
export async function openMachine(tinsmith: TinsmithPage, engine: ScriptedEngine, text = machine) {
  const path = join(engine.workspace, "microcore/machine.json");
  writeFileSync(path, text);
  return { path, editor: await EditorPage.open(tinsmith, "microcore", "machine.json") };
}
