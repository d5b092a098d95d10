import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { chromium, expect } from "@playwright/test";
import { attach } from "../core/session/client/attach.ts";
import { BreakpointsPage } from "../tests/ui/breakpoints-page.ts";
import { browserOptions } from "../tests/ui/browser.ts";
import { EditorPage } from "../tests/ui/editor-page.ts";
import { keyboardReady, openGuestConsole, typeAtScreen, typingPace } from "../tests/ui/guest-screen.ts";
import { startRealEngine } from "../tests/ui/real-engine.ts";
import { ReplayPage } from "../tests/ui/replay-page.ts";
import { RunPage } from "../tests/ui/run-page.ts";
import { TinsmithPage } from "../tests/ui/tinsmith-page.ts";

// node scripts/take-pictures.ts
// Takes the pictures of the window that the pages show, into docs/pictures, from real sessions on real virtual machines.
// Run it again after you change the window; it takes two minutes or more.

const project = resolve(import.meta.dirname, "..");
/** The pictures show its path. It must not exist yet. */
const home = "/tmp/tinsmith";
/** Longest time of a build, or of a run's start, on a busy host without KVM. Milliseconds. */
const patience = 300_000;

mkdirSync(home);
await using engine = await startRealEngine("empty", home);
await using browser = await chromium.launch(browserOptions);
const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: "light" });
const tinsmith = new TinsmithPage(page);
const { build, dialog } = tinsmith;
await tinsmith.open(engine.address);
await takeEditor();
await takeScreen();
await takeBuild();
await takeRun();
await takeFailure();

/** Takes a picture, with no control under the pointer, and with `~/tinsmith` in place of this checkout's path. */
async function take(name: string): Promise<void> {
  await page.mouse.move(0, 0);
  await page.evaluate((folder) => {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const { currentNode } = texts;
      const text = currentNode.nodeValue ?? "";
      if (text.includes(folder)) currentNode.nodeValue = text.replaceAll(folder, "~/tinsmith");
    }
  }, project);
  await page.screenshot({ path: join(project, `docs/pictures/${name}.png`), animations: "disabled" });
}

/** A machine definition that is edited. */
async function takeEditor(): Promise<void> {
  const path = join(engine.imageSet, "machine.json");
  const before = readFileSync(path);
  const definition = { version: 1, memory: 512, graphics: "qxl-vga", keyboardLayout: "nl-be" };
  writeFileSync(path, `${JSON.stringify(definition, null, 2)}\n`);
  const editor = await EditorPage.open(tinsmith, "microcore", "machine.json");
  await editor.form.getByLabel("Network").selectOption("rtl8139");
  await expect(editor.commandLine).toContainText("rtl8139", { timeout: patience });
  await take("editor");
  await editor.save();
  writeFileSync(path, before);
}

/** An installation by hand, at the guest's screen. */
async function takeScreen(): Promise<void> {
  await tinsmith.command("Install the setup image by hand");
  await dialog.getByRole("button", { name: "Install setup image" }).click();
  await tinsmith.chooseOnTab("Setup image microcore", "Close other tabs");
  await tinsmith.screenShows();
  await tinsmith.showTab("Screen");
  using attached = await attach(engine.paths);
  using serial = openGuestConsole(engine.paths, attached.description.id);
  await keyboardReady(serial);
  await typeAtScreen(tinsmith, serial, "tc-install.sh /dev/vda && touch /tmp/installed");
  await serial.run("until [ -e /tmp/installed ]; do sleep 0.2; done");
  await page.keyboard.type("sudo reboot", { delay: typingPace });
  await serial.run("until sudo grep -q 'sudo reboot' /dev/vcs1; do sleep 0.2; done");
  await take("screen");
  await tinsmith.showLog();
  await build.getByRole("button", { name: "Cancel build" }).click();
  await expect(build.getByRole("region", { name: "Cancelled" })).toBeVisible({ timeout: patience });
}

/** A worker image that is built, while its guest is at work. The time that is left is known from an earlier build. */
async function takeBuild(): Promise<void> {
  await tinsmith.rebuild("worker");
  await expect(tinsmith.slot("microcore", "Worker image")).toContainText("Up to date", { timeout: patience });
  await tinsmith.rebuild("worker");
  await tinsmith.page.getByRole("button", { name: "Build anyway" }).click();
  await expect(tinsmith.tabs("Worker image microcore")).toHaveCount(2);
  await tinsmith.chooseOnTab("Worker image microcore", "Close ended sessions");
  await expect(build.locator(".log")).toContainText("setup: start them", { timeout: patience });
  await take("build");
  await expect(build.getByRole("region", { name: "Result" })).toBeVisible({ timeout: patience });
}

/** A run, and the exchange in which the guest lists a folder; a held message to the guest; the replay of the run. */
async function takeRun(): Promise<void> {
  await tinsmith.toolbar.getByRole("button", { name: "Run…" }).click();
  await dialog.getByLabel("Command").fill("uname -srm; df -h; ls -l --color=always /opt; sleep 600");
  await dialog.getByRole("button", { name: "Run image", exact: true }).click();
  await tinsmith.chooseOnTab("uname", "Close ended sessions");
  const view = new RunPage(tinsmith);
  await expect(view.log).toContainText("guest-tools", { timeout: patience });
  await view.list("/opt");
  await expect(view.file("guest-tools").first()).toBeVisible({ timeout: patience });
  await tinsmith.showLog();
  await view.select(view.rows.filter({ hasText: "reply" }));
  await expect(view.exchanges.getByRole("article")).toContainText("files");
  await take("run");
  const breakpoints = await BreakpointsPage.open(tinsmith);
  await breakpoints.breakOn({ Direction: "response of", Endpoint: "poll", Action: "for list-folder" });
  await view.list("/etc/init.d");
  await tinsmith.showTab(/^Breakpoints/);
  await expect(breakpoints.editor).toContainText("/etc/init.d", { timeout: patience });
  await take("breakpoint");
  await breakpoints.button("Send unchanged").click();
  await expect(breakpoints.held).toHaveCount(0);
  await tinsmith.showTab(/^Files$/);
  await expect(view.file("network").first()).toBeVisible({ timeout: patience });
  await tinsmith.showLog();
  await view.button("Stop").click();
  await expect(view.button("Run again…")).toBeVisible({ timeout: patience });
  await page.getByRole("button", { name: "Replay" }).click();
  const replay = new ReplayPage(tinsmith);
  await expect(replay.time).toBeVisible();
  await replay.event("list-folder /opt").click();
  await expect(replay.log).toContainText("guest-tools");
  await take("replay");
}

/** A worker image whose setup copies a file that is not on the data CD. */
async function takeFailure(): Promise<void> {
  const script = join(engine.imageSet, "../tinycore/setup.sh");
  const lines = readFileSync(script, "utf8");
  const missing = 'step "copy the test data to /opt" sudo cp "$cd_folder/test-data.tar" /opt/\n';
  writeFileSync(script, lines.replace(/^step "save/m, `${missing}$&`));
  await tinsmith.rebuild("worker");
  await tinsmith.chooseOnTab("Worker image microcore", "Close ended sessions");
  await expect(build.getByRole("button", { name: "Retry guest" })).toBeVisible({ timeout: patience });
  await expect(tinsmith.slot("microcore", "Worker image")).not.toContainText("Building", {
    timeout: patience,
  });
  await take("failed");
}
