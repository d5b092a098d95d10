import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "./fixtures.ts";
import type { Shell } from "./launch.ts";

/** The menu bar: its menus, each with what it offers. */
const menuBar = (shell: Shell) =>
  shell.evaluate(({ Menu }) =>
    (Menu.getApplicationMenu()?.items ?? []).map(({ label, submenu }) => ({
      label,
      items: (submenu?.items ?? []).map((item) => item.label),
    })),
  );

/** Chooses a command in the menu, when the page has offered it. */
const click = (shell: Shell, id: string) =>
  expect
    .poll(() =>
      shell.evaluate(({ Menu }, wanted) => {
        const item = Menu.getApplicationMenu()?.getMenuItemById(wanted);
        item?.click();
        return !!item;
      }, id),
    )
    .toBe(true);

/** Lets a person choose that path in the next dialog of the system's. */
const choose = (shell: Shell, path: string) =>
  shell.evaluate(({ dialog }, filePath) => {
    const answer = async () => ({ canceled: false, filePaths: [filePath] });
    dialog.showOpenDialog = answer as typeof dialog.showOpenDialog;
  }, path);

test("the menu has the palette's commands, with their keys", async ({ shell, tinsmith }) => {
  await expect(tinsmith.library).toBeVisible();
  await expect.poll(async () => (await menuBar(shell)).map(({ label }) => label)).toContain("Build");
  const menus = await menuBar(shell);
  expect(menus.find(({ label }) => label === "Build")?.items).toContain("Rebuild the worker image");
  // Of the roles that Electron has for a Window menu, the only one that does something on Linux.
  expect(menus.at(-1)?.items.at(-1)).toBe("Minimize");
  const keys = await shell.evaluate(
    ({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById("build.worker")?.accelerator,
  );
  expect(keys).toBe("Ctrl+Shift+B");
});

test("a command that is chosen in the menu is done by the page", async ({ shell, tinsmith }) => {
  await expect.poll(() => menuBar(shell)).toContainEqual(expect.objectContaining({ label: "Library" }));
  await click(shell, "library.new-set");
  await expect(tinsmith.dialog).toContainText("Create an image set");
});

test("Open asks in a dialog of the system's, and what was opened is among the recent ones", async ({
  home,
  shell,
  tinsmith,
}) => {
  const set = join(home, "elsewhere/this & that");
  mkdirSync(set, { recursive: true });
  const recipe = join(set, "recipe.yaml");
  writeFileSync(recipe, "size: 1\nmachine: machine.json\n");
  writeFileSync(join(set, "machine.json"), "{}\n");
  await expect.poll(() => menuBar(shell)).toContainEqual(expect.objectContaining({ label: "&File" }));
  await choose(shell, recipe);
  await click(shell, "file.open");
  await expect(tinsmith.library).toContainText(set);
  await expect(tinsmith.page.locator(".dv-tab", { hasText: "recipe.yaml" })).toBeVisible();
  const recent = () =>
    shell.evaluate(({ Menu }) => {
      const file = Menu.getApplicationMenu()?.items.find(({ label }) => label === "&File");
      const list = file?.submenu?.items.find(({ label }) => label === "Open recent");
      return list?.submenu?.items.map(({ label }) => label) ?? [];
    });
  // As a menu shows an "&", which would else underline the letter after it.
  await expect.poll(recent).toContain(recipe.replaceAll("&", "&&"));
});

test("a path is chosen in a dialog of the system's, too", async ({ shell, tinsmith }) => {
  await tinsmith.command("Open an archive");
  await choose(shell, "/some/image.tar.lz4");
  await tinsmith.dialog.getByRole("button", { name: "Browse…" }).click();
  await expect(tinsmith.dialog.getByLabel("Path")).toHaveValue("/some/image.tar.lz4");
});
