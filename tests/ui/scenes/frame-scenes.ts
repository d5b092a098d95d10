import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect } from "@playwright/test";
import { fakeKernel, makeIsoIn } from "../../../core/iso/test-iso-files.ts";
import { leaveCache } from "../leave-cache.ts";
import { leaveCrash } from "../leave-crash.ts";
import { leaveNewerFiles } from "../newer-files.ts";
import { plantError } from "../plant-error.ts";
import type { ScriptedEngine } from "../scripted-engine.ts";
import type { TinsmithPage } from "../tinsmith-page.ts";
import type { Scenes } from "./scene.ts";

/** Lets builds be refused for more reasons than there is room for, one of them twice. */
async function refuseBuilds(tinsmith: TinsmithPage, engine: ScriptedEngine): Promise<void> {
  for (const set of ["microcore", "microcore", "tinycore", "debian", "alpine"]) {
    engine.refuseNext({
      code: "busy",
      message: `the worker image of ${set} is already being built`,
      advice: "Wait for that build, or cancel it.",
    });
    await tinsmith.rebuild("worker");
    await expect.poll(engine.refusalsLeft).toBe(0);
  }
}

/** Waits until sessions that begin have ids that sort after those that there are: an id has the second of its time. */
async function secondPasses(): Promise<void> {
  const second = () => Math.floor(Date.now() / 1000);
  const now = second();
  await expect.poll(second).toBeGreaterThan(now);
}

/** The scenes of the library, the lists, the dialogs and the frame around them. */
export const frameScenes: Scenes = {
  welcome: async (tinsmith, engine) => {
    await engine.leaveArchive(join(engine.workspace, "microcore/microcore-setup.tar.lz4"));
    await expect(tinsmith.slot("microcore", "Setup image")).toContainText("50.0 MB");
  },
  sessions: async (tinsmith, engine) => {
    await (await engine.begin("Setup image microcore", "/a")).succeed();
    await secondPasses();
    await (await engine.begin("Worker image microcore", "/b")).fail({
      code: "build-failed",
      message: "it failed",
    });
    await secondPasses();
    await engine.begin("Worker image tinycore", "/c");
    await tinsmith.showTab("Sessions");
    await expect(tinsmith.page.getByText("Worker image tinycore")).toBeVisible();
  },
  install: async (tinsmith) => {
    await tinsmith.slot("tinycore", "Setup image").getByRole("button", { name: "Install…" }).click();
    await tinsmith.dialog.getByLabel("Boots from").selectOption("An ISO to download");
  },
  "install-wrong": async (tinsmith) => {
    await tinsmith.slot("tinycore", "Setup image").getByRole("button", { name: "Install…" }).click();
    const { dialog } = tinsmith;
    await dialog.getByLabel("ISO", { exact: true }).fill("/home/me/Downloads/TinyCore.iso");
    await dialog.getByLabel("Disk").fill("50");
    await dialog.getByRole("button", { name: "Install setup image" }).click();
    await expect(dialog.getByRole("alert")).toHaveCount(2);
  },
  "install-iso": async (tinsmith, engine) => {
    const folder = join(engine.workspace, "isos");
    mkdirSync(folder);
    const config = "label Install\nkernel /vmlinuz\nappend quiet\n";
    const files = { "isolinux.cfg": config, "boot.bin": Buffer.alloc(2048), vmlinuz: fakeKernel() };
    const iso = makeIsoIn(folder, files, [
      "-R",
      "-V",
      "Fedora-S-dvd-x86_64-39",
      "-b",
      "boot.bin",
      "-no-emul-boot",
    ]);
    await tinsmith.slot("tinycore", "Setup image").getByRole("button", { name: "Install…" }).click();
    await tinsmith.dialog.getByRole("combobox", { name: "ISO" }).fill(iso);
    await tinsmith.dialog.getByLabel("Boot entry").selectOption("Install");
  },
  palette: async (tinsmith) => {
    await tinsmith.page.keyboard.press("Control+k");
    await expect(tinsmith.dialog).toBeVisible();
  },
  keys: async (tinsmith) => {
    await tinsmith.command("Keyboard shortcuts");
    await expect(tinsmith.dialog.getByText("Ctrl+Shift+B")).toBeVisible();
  },
  settings: async (tinsmith) => {
    await tinsmith.command("Settings");
    await expect(tinsmith.dialog.getByLabel("Theme")).toBeVisible();
  },
  "newer-settings": async (tinsmith, engine) => {
    leaveNewerFiles(engine.paths);
    await tinsmith.showTab("Sessions");
    await expect(tinsmith.page.getByText("A session of a newer Tinsmith")).toBeVisible();
    await tinsmith.page.getByRole("button", { name: "Show settings" }).click();
    await expect(tinsmith.dialog.getByLabel("Theme")).toBeDisabled();
  },
  "other-version": async (tinsmith, engine) => {
    await engine.beginOtherVersion();
    await tinsmith.showTab("Sessions");
    await tinsmith.page.locator(".session", { hasText: "A dream" }).click();
    await expect(tinsmith.page.getByText("of electric sheep")).toBeVisible();
  },
  "crash-notice": async (tinsmith, engine) => {
    leaveCrash(engine.paths);
    await expect(tinsmith.page.getByRole("button", { name: "Show report" })).toBeVisible();
  },
  "crash-report": async (tinsmith, engine) => {
    leaveCrash(engine.paths);
    await tinsmith.page.getByRole("button", { name: "Show report" }).click();
    await expect(tinsmith.dialog).toContainText("Stack trace");
  },
  "panel-error": async (tinsmith, engine) => {
    const output = join(engine.workspace, "microcore/microcore-worker.tar.lz4");
    const build = await engine.begin("Worker image microcore", output);
    build.say("note", "The installer has begun.");
    await plantError(tinsmith.page);
    await tinsmith.slot("microcore", "Worker image").getByRole("button", { name: "Show" }).click();
    await expect(tinsmith.page.getByRole("button", { name: "Reload panel" })).toBeVisible();
  },
  "new-set": async (tinsmith) => {
    await tinsmith.command("New image set");
    await expect(tinsmith.dialog.getByLabel("Name")).toBeVisible();
  },
  doctor: async (tinsmith) => {
    await tinsmith.command("Doctor");
    await expect(tinsmith.page.getByText("Free space")).toBeVisible({ timeout: 20_000 });
  },
  refused: async (tinsmith, engine) => {
    engine.refuseNext({
      code: "busy",
      message: "the worker image is already being built",
      advice: "Wait for that build, or cancel it.",
    });
    await tinsmith.rebuild("worker");
    await expect(tinsmith.errors).toBeVisible();
  },
  notices: async (tinsmith, engine) => {
    await refuseBuilds(tinsmith, engine);
    await tinsmith.command("About");
    await expect(tinsmith.dialog).toContainText("MPL-2.0");
  },
  "notices-list": async (tinsmith, engine) => {
    await refuseBuilds(tinsmith, engine);
    await tinsmith.command("Notices");
    await expect(tinsmith.dialog.getByRole("listitem")).toHaveCount(4);
  },
  "sets-none": async (tinsmith) => {
    await tinsmith.command("Settings");
    await tinsmith.dialog.getByLabel("Workspace folders").fill("/nonexistent");
    await tinsmith.dialog.getByRole("button", { name: "Save" }).click();
    await expect(tinsmith.page.getByText("No image set yet")).toBeVisible();
  },
  "delete-archive": async (tinsmith, engine) => {
    await engine.leaveArchive(join(engine.workspace, "microcore/microcore-setup.tar.lz4"));
    const slot = tinsmith.slot("microcore", "Setup image");
    await slot.getByRole("button", { name: /More for/ }).click();
    await tinsmith.page.getByRole("menuitem", { name: "Delete…" }).click();
    await expect(tinsmith.dialog).toContainText("frees 50.0 MB");
  },
  "archive-facts": async (tinsmith, engine) => {
    await engine.leaveArchive(join(engine.workspace, "microcore/microcore-worker.tar.lz4"));
    const slot = tinsmith.slot("microcore", "Worker image");
    await slot.getByRole("button", { name: /More for/ }).click();
    await tinsmith.page.getByRole("menuitem", { name: "Show details…" }).click();
    await expect(tinsmith.dialog).toContainText("SHA-256");
  },
  cache: async (tinsmith, engine) => {
    const state = await leaveCache(engine.paths);
    await tinsmith.command("Cache…");
    await expect(tinsmith.dialog.getByText("in use")).toBeVisible();
    state[Symbol.dispose]();
  },
  about: async (tinsmith) => {
    await tinsmith.command("About");
    await expect(tinsmith.dialog).toContainText("MPL-2.0");
  },
};
