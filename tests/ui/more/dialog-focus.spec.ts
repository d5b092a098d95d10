import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator } from "@playwright/test";
import type { OpenDialog } from "../../../renderer/state/messages/dialogs.ts";
import { BreakpointsPage, exchange } from "../breakpoints-page.ts";
import { doubleIds } from "../double-ids.ts";
import { drawn } from "../drawn.ts";
import { EditorPage } from "../editor-page.ts";
import { expect, test } from "../fixtures.ts";
import { ImagePage } from "../image-page.ts";
import { leaveCrash } from "../leave-crash.ts";
import { leaveImage } from "../leave-image.ts";
import { RunPage } from "../run-page.ts";
import type { ScriptedEngine } from "../scripted-engine.ts";
import { startScriptedMachine } from "../scripted-screen.ts";
import type { TinsmithPage } from "../tinsmith-page.ts";

/** From where a dialog is opened, and by which keys. */
interface Opening {
  readonly from: Locator;
  /** Chosen in the menu that Return opens. */
  readonly item?: RegExp;
  /** Chosen in the palette. */
  readonly command?: string;
  readonly key?: string;
}

/**
 * All but the one that a drop opens, and those that other dialogs open: see drop-into-guest.spec.ts,
 * checkpoints.spec.ts and recorded-steps.spec.ts, crop.spec.ts, contents.spec.ts.
 */
type Openings = Record<
  Exclude<
    OpenDialog["name"],
    | "put"
    | "image-path"
    | "crop"
    | "save-steps"
    | "rename-checkpoint"
    | "delete-checkpoint"
    | "delete-kept-checkpoint"
    | "clear-cache"
  >,
  () => Promise<Opening>
>;

/** How each dialog is opened: a new one has to have its place here. */
function openings(tinsmith: TinsmithPage, engine: ScriptedEngine): Openings {
  const { page, library, toolbar, screen } = tinsmith;
  const set = library.getByRole("button", { name: /^tinycore/ });
  const worker = tinsmith.slot("microcore", "Worker image");
  const more = worker.getByRole("button", { name: /More for/ });
  const rowOf = async (text: string) => {
    await page.keyboard.press("Control+2");
    return page.locator(".session", { hasText: text });
  };
  const byCommand = (command: string) => async () => {
    await page.keyboard.press("Control+1");
    return { from: set, command };
  };
  const inRun = async () => {
    await page.keyboard.press("Control+2");
    await page.locator(".session-open", { hasText: "make test" }).click();
    await tinsmith.showLog();
    return new RunPage(tinsmith);
  };
  const atScreen = async (button: string, item: RegExp) => {
    await page.keyboard.press("Control+2");
    await page.locator(".session-open", { hasText: "Worker image" }).click();
    await tinsmith.showTab(/^Screen$/);
    return { from: screen.getByRole("button", { name: button, exact: true }), item };
  };
  const atCheckpoints = async (item: RegExp) => {
    const opening = await atScreen("Checkpoints", item);
    await tinsmith.chooseOnScreen("Checkpoints", "Make a checkpoint…");
    await tinsmith.dialog.getByRole("button", { name: "Make checkpoint" }).click();
    await expect(tinsmith.dialog).toBeHidden();
    return opening;
  };
  const listFiles = async (folder: string) => {
    const view = await inRun();
    await tinsmith.showTab(/^Files$/);
    await view.files.getByLabel("Folder in the guest").fill(folder);
    return view;
  };
  return {
    palette: async () => ({ from: set, key: "Control+k" }),
    "new-set": byCommand("New image set"),
    "open-archive": byCommand("Open an archive"),
    "import-disk": byCommand("Import a disk"),
    "export-disk": async () => ({ from: more, item: /^Export its disk/ }),
    about: byCommand("About Tinsmith"),
    cache: byCommand("Cache…"),
    keys: byCommand("Keyboard shortcuts"),
    settings: async () => ({ from: toolbar.getByRole("button", { name: "Settings" }) }),
    notices: async () => ({ from: page.getByRole("button", { name: "Notices", exact: true }) }),
    run: async () => ({ from: toolbar.getByRole("button", { name: "Run…" }) }),
    watch: async () => ({ from: toolbar.getByRole("button", { name: "Watch…" }) }),
    archive: async () => ({ from: more, item: /^Show details/ }),
    "choose-image": async () => ({ from: more, item: /^Compare with another image/ }),
    "save-content": async () => {
      await leaveImage(engine);
      const image = await ImagePage.open(tinsmith);
      await expect(image.chosen).toContainText("partition1");
      return { from: image.detail.getByRole("button", { name: "Download file…" }) };
    },
    "delete-archive": async () => ({ from: more, item: /^Delete/ }),
    install: async () => ({
      from: tinsmith.slot("tinycore", "Setup image").getByRole("button", { name: "Install…" }),
    }),
    scenario: async () => ({ from: more, item: /^Run a scenario/ }),
    rebuild: async () => {
      writeFileSync(join(engine.workspace, "tinycore/tinycore-setup.tar.lz4"), "not made here");
      await expect(tinsmith.slot("tinycore", "Setup image")).toContainText("Built elsewhere");
      await set.click();
      return { from: toolbar.getByRole("button", { name: "Rebuild worker" }) };
    },
    secrets: async () => {
      const recipe = join(engine.workspace, "microcore/recipe.yaml");
      appendFileSync(recipe, "  - type: [{secret: TOKEN}]\n");
      return { from: toolbar.getByRole("button", { name: "Rebuild setup" }) };
    },
    crash: async () => {
      leaveCrash(engine.paths);
      return { from: page.getByRole("button", { name: "Show report" }) };
    },
    export: async () => ({
      from: (await rowOf("uname -a")).getByRole("button", { name: /More for/ }),
      item: /^Export/,
    }),
    "save-scenario": async () => ({
      from: (await rowOf("uname -a")).getByRole("button", { name: /More for/ }),
      item: /^Save as scenario/,
    }),
    compare: async () => ({
      from: (await rowOf("uname -a")).getByRole("button", { name: /More for/ }),
      item: /^Compare/,
    }),
    "delete-sessions": async () => ({
      from: (await rowOf("uname -a")).locator(".session-open"),
      key: "Delete",
    }),
    "kill-process": async () => ({ from: (await inRun()).button("Kill task") }),
    "replace-tools": async () => ({
      from: (await inRun()).button("Kill task"),
      command: "Replace the guest tools…",
    }),
    "send-action": async () => {
      await inRun();
      return { from: page.locator(".exchanges").getByRole("button", { name: "Send an action…" }) };
    },
    "list-all": async () => ({ from: (await listFiles("/")).files.getByRole("button", { name: "List" }) }),
    download: async () => {
      const view = await listFiles("/home/tc");
      await view.files.getByRole("button", { name: "List" }).click();
      await expect(view.file("notes")).toBeVisible();
      return { from: view.file("notes").getByRole("button") };
    },
    "insert-cd": () => atScreen("CD", /^Insert/),
    "record-network": () => atScreen("Power", /^Record/),
    "make-checkpoint": () => atScreen("Checkpoints", /^Make/),
    checkpoints: () => atCheckpoints(/^List/),
    "kept-checkpoints": byCommand("Kept checkpoints…"),
    "go-back": () => atCheckpoints(/^Go back to “checkpoint 1”/),
    "end-machine": () => atScreen("Power", /^Reset/),
    discard: async () => {
      void engine.started[0]?.askWhenOff("The guest has powered off.");
      // The window brings the question to the front by itself.
      const from = tinsmith.build.getByRole("button", { name: "Discard…" });
      await expect(from).toBeVisible();
      return { from };
    },
    unsaved: async () => {
      await page.keyboard.press("Control+1");
      const editor = await EditorPage.open(tinsmith, "microcore", "machine.json");
      await editor.write('{"version": 1}');
      await expect(editor.unsavedMark).toBeVisible();
      return { from: editor.code, command: "Close this panel" };
    },
    "answer-error": async () => {
      await inRun();
      const view = await BreakpointsPage.open(tinsmith);
      await view.breakOn({ Direction: "request to", Endpoint: "ping" });
      for (const run of engine.runs.slice(-1)) void exchange(run, "GET", "ping");
      return { from: view.button("Answer with error"), item: /^Another status/ };
    },
  };
}

/** The least that a window is made. */
const small = { width: 640, height: 400 };
const usual = { width: 1280, height: 720 };

test("each dialog fits into a small window, has no double ids, and gives the focus back", async ({
  tinsmith,
  engine,
  page,
}) => {
  test.setTimeout(240_000);
  await engine.leaveArchive(join(engine.workspace, "microcore/microcore-worker.tar.lz4"));
  await expect(tinsmith.slot("microcore", "Worker image")).toContainText("50.0 MB");
  const build = await engine.begin("Worker image tinycore", "/a");
  const machine = await startScriptedMachine(build.session);
  await (await engine.beginRun({ command: ["sh", "-c", "uname -a"] })).finish("success");
  const run = await engine.beginRun();
  run.join({ files: { "/home/tc/notes": "x" }, shell: async () => true });
  for (const [name, open] of Object.entries(openings(tinsmith, engine)))
    await test.step(name, async () => {
      const { from, item, command, key = "Enter" } = await open();
      // A panel that has been opened takes the focus with the next frame.
      await drawn(page);
      const chosen = item && page.getByRole("menuitem", { name: item });
      if (command) await from.focus().then(() => tinsmith.command(command));
      // A panel that is drawn late takes the focus, and the key.
      else
        await expect(async () => {
          await from.press(key);
          await expect(chosen ?? tinsmith.dialog).toBeVisible({ timeout: 2_000 });
        }).toPass();
      await chosen?.press("Enter");
      await expect(tinsmith.dialog).toBeVisible();
      await expect(tinsmith.dialog.locator(":focus")).toHaveCount(1);
      await expect(tinsmith.dialog).toHaveAccessibleName(/./);
      expect(await doubleIds(page)).toEqual([]);
      await page.setViewportSize(small);
      await expect(tinsmith.dialog).toBeInViewport({ ratio: 1 });
      for (const button of await tinsmith.dialog.locator(".dialog-actions button").all())
        await expect(button).toBeInViewport({ ratio: 1 });
      await page.setViewportSize(usual);
      // Until the panels have their former places, what had the focus may be hidden.
      await drawn(page);
      await page.keyboard.press("Escape");
      await expect(tinsmith.dialog).toBeHidden();
      await expect(from).toBeFocused();
    });
  expect(machine.done).toEqual([]);
});
