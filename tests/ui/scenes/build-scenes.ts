import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "@playwright/test";
import type { ErrorData } from "../../../shared/errors.ts";
import type { ScriptedBuild, ScriptedEngine } from "../scripted-engine.ts";
import type { TinsmithPage } from "../tinsmith-page.ts";
import type { Scenes } from "./scene.ts";

/** Milliseconds, as a small machine takes them. */
const times = { "guest-tools": 2_140, "data-cd": 210, disk: 330, boot: 13_200, guest: 6_480, pack: 520 };

const compilerScript = [
  "echo tinsmith.dev/guest-tools/internal/config",
  "echo tinsmith.dev/guest-tools/internal/shell",
  "echo tinsmith.dev/guest-tools",
].join("\n");
const isoScript = [
  'printf "xorriso 1.5.4 : RockRidge filesystem manipulator, libburnia project.\\n\\n"',
  'printf "\\033[33mxorriso : UPDATE :\\033[0m   5 files added in 1 seconds\\n"',
  'printf "Written to medium : \\033[32m3610 sectors\\033[0m at LBA 0\\n"',
].join("\n");

async function beginBuild(tinsmith: TinsmithPage, engine: ScriptedEngine): Promise<ScriptedBuild> {
  const archive = (image: string) => join(engine.workspace, `microcore/microcore-${image}.tar.lz4`);
  engine.leaveArchive(archive("setup"));
  engine.leaveArchive(archive("worker"), { steps: times });
  await expect(tinsmith.slot("microcore", "Worker image")).toContainText("50.0 MB");
  await tinsmith.rebuild("worker");
  await expect(tinsmith.build.getByRole("heading", { name: "Worker image microcore" })).toBeVisible();
  const build = engine.started.at(-1);
  if (!build) throw new Error("the window has begun no build");
  const { guest: _guest, pack: _pack, ...done } = times;
  build.backdate(done, 2_900);
  await build.runOnHost("build.sh", compilerScript);
  await build.runOnHost("xorriso", isoScript);
  build.say("note", "qxl-vga is not in this QEMU: VGA takes its place.");
  build.session.record({ type: "step-started", step: "guest", time: Date.now() - 2_900 });
  build.say("guest-log", "setup: started on Linux 6.1.0-50-686");
  build.say("guest-log", "setup: copy the guest tools to /opt");
  build.say("guest-log", "setup: start them at each boot from now on");
  build.print(
    "\r\n   microcore: a TinyCore work-alike, made from Debian packages\r\n\r\n\x1b[32mtc@box\x1b[0m:~$ ",
  );
  await expect(tinsmith.build.locator(".log")).toContainText("at each boot");
  await expect(tinsmith.hostTerminal).toContainText("3610 sectors");
  return build;
}

const noSpace: ErrorData = {
  code: "build-failed",
  message: 'the guest powered off, but its log has no line with "setup: done"',
  advice: "See the guest's last lines. The old image, if there was one, is as it was.",
  details: [
    "Last lines of the serial console:",
    "  tc@box:~$ filetool.sh -b",
    "  Backing up files to /mnt/vda2/tce/mydata.tar",
    "Last lines of the guest's log:",
    "  tar: write error: No space left on device",
    "  setup: failed: save /opt and /home",
  ],
};

function leaveScreen({ session }: ScriptedBuild): void {
  copyFileSync(join(import.meta.dirname, "../screen.png"), session.paths.screenshot);
}

/** What builds and their consoles are like. */
export const buildScenes: Scenes = {
  building: async (tinsmith, engine) => {
    await beginBuild(tinsmith, engine);
    await expect(tinsmith.build.getByRole("progressbar", { name: "The whole build" })).toBeVisible();
  },
  built: async (tinsmith, engine) => {
    const build = await beginBuild(tinsmith, engine);
    build.backdate(times);
    await build.succeed();
    await expect(tinsmith.build.getByRole("region", { name: "Result" })).toBeVisible();
  },
  failed: async (tinsmith, engine) => {
    const build = await beginBuild(tinsmith, engine);
    leaveScreen(build);
    await build.fail(noSpace, ["guest-tools", "data-cd"]);
    await expect(tinsmith.build.getByRole("button", { name: "Retry guest" })).toBeVisible();
  },
  kept: async (tinsmith, engine) => {
    const build = await beginBuild(tinsmith, engine);
    leaveScreen(build);
    build.keepGuest({ ...noSpace, message: "the guest took longer than the 1200 s it was given" });
    await expect(tinsmith.build.getByRole("button", { name: "End the guest" })).toBeVisible();
  },
  question: async (tinsmith, engine) => {
    const build = await beginBuild(tinsmith, engine);
    void build.askWhenOff("The guest has powered off.");
    await expect(tinsmith.build.getByRole("region", { name: "What becomes of it?" })).toBeVisible();
  },
  serial: async (tinsmith, engine) => {
    await beginBuild(tinsmith, engine);
    await tinsmith.showTab(/^Serial/);
    await expect.poll(() => tinsmith.serialText()).toContain("tc@box");
  },
  "serial-search": async (tinsmith, engine) => {
    const build = await beginBuild(tinsmith, engine);
    await tinsmith.showTab(/^Serial/);
    build.print(
      "dmesg | tail\r\n\x1b[33m[    1.201337]\x1b[0m eth0: link up\r\n[    1.310001] eth0: renamed\r\n",
    );
    await expect.poll(() => tinsmith.serialText()).toContain("renamed");
    await tinsmith.serial.getByRole("button", { name: "Search" }).click();
    await tinsmith.page.getByLabel("Search the console").fill("eth0");
    await expect(tinsmith.serial.getByRole("status")).toHaveText("1 of 2");
  },
};
