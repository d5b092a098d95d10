import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "@playwright/test";
import { EditorPage } from "../editor-page.ts";
import type { Scenes } from "./scene.ts";

/** The scenes of the editors of an image set's files. */
export const editorScenes: Scenes = {
  editor: async (tinsmith, engine) => {
    const path = join(engine.workspace, "microcore/machine.json");
    writeFileSync(
      path,
      '{\n  "version": 1,\n  "memory": 512,\n  "graphics": "qxl-vga",\n  "keyboardLayout": "nl-be"\n}\n',
    );
    const editor = await EditorPage.open(tinsmith, "microcore", "machine.json");
    await editor.form.getByLabel("Network").selectOption("rtl8139");
    await expect(editor.commandLine).toContainText("rtl8139", { timeout: 20_000 });
  },
  "editor-issues": async (tinsmith, engine) => {
    const path = join(engine.workspace, "microcore/machine.json");
    writeFileSync(path, '{\n  "version": 1,\n  "sound": "AC98",\n  "memry": 512,\n  "threads": 0\n}\n');
    const editor = await EditorPage.open(tinsmith, "microcore", "machine.json");
    await expect(editor.issues).toHaveCount(3);
    await editor.cursorAfter('"AC98');
    await tinsmith.page.keyboard.press("Backspace");
    await tinsmith.page.keyboard.press("Control+Space");
    await expect(tinsmith.page.getByRole("listbox")).toBeVisible();
  },
  "editor-rules": async (tinsmith, engine) => {
    const path = join(engine.workspace, "microcore/rules.yaml");
    writeFileSync(
      path,
      "rules:\n  - name: refused listing\n    when: {endpoint: reply, action: list-folders}\n    steps:\n      - delay: 1.5\n      - \n",
    );
    const editor = await EditorPage.open(tinsmith, "microcore", "rules.yaml");
    await expect(editor.issues).toHaveCount(2);
    await editor.cursorAfter("delay: 1.5");
    await tinsmith.page.keyboard.press("ArrowDown");
    await tinsmith.page.keyboard.press("End");
    await tinsmith.page.keyboard.press("Control+Space");
    await expect(tinsmith.page.getByRole("listbox")).toBeVisible();
  },
  "rebuild-options": async (tinsmith, engine) => {
    const folder = join(engine.workspace, "microcore");
    writeFileSync(join(folder, "rules.yaml"), "rules: []\n");
    for (const image of ["setup", "worker"])
      await engine.leaveArchive(join(folder, `microcore-${image}.tar.lz4`));
    await tinsmith.page.getByRole("button", { name: "More for the worker image of microcore" }).click();
    await tinsmith.page.getByRole("menuitem", { name: "Rebuild with options…" }).click();
    await tinsmith.dialog.getByLabel("Apply the rules of rules.yaml").check();
    await expect(tinsmith.dialog.getByRole("button", { name: "Rebuild worker" })).toBeEnabled();
  },
  "editor-migration": async (tinsmith) => {
    const editor = await EditorPage.open(tinsmith, "tinycore", "machine.json");
    await editor.button("Migrate to version 1…").first().click();
    await expect(editor.section.locator(".cm-merge-b")).toContainText("graphics");
  },
  "editor-recipe": async (tinsmith, engine) => {
    const editor = await EditorPage.open(tinsmith, "microcore", "recipe.yaml");
    await editor.cursorAfter("size");
    await tinsmith.page.keyboard.type("s");
    await expect(editor.issues).toHaveCount(1);
    writeFileSync(join(engine.workspace, "microcore/recipe.yaml"), "size: 2\n");
    await expect(editor.section.getByRole("alert")).toBeVisible();
  },
  "editor-script": async (tinsmith) => {
    await EditorPage.open(tinsmith, "tinycore", "setup.sh");
  },
};
