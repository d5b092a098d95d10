import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "@playwright/test";
import type { ErrorData } from "../../../shared/errors/error-data.ts";
import type { ScriptedBuild } from "../scripted-build.ts";
import type { ScriptedEngine } from "../scripted-engine.ts";
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
  await engine.leaveArchive(archive("setup"));
  await engine.leaveArchive(archive("worker"), { steps: times });
  await expect(tinsmith.slot("microcore", "Worker image")).toContainText("50.0 MB");
  await tinsmith.rebuild("worker");
  await tinsmith.page.getByRole("button", { name: "Build anyway" }).click();
  await expect(tinsmith.build.getByRole("heading", { name: "Worker image microcore" })).toBeVisible();
  const build = engine.started.at(-1);
  if (!build) throw new Error("the window has begun no build");
  const { guest: _guest, pack: _pack, ...done } = times;
  await build.backdate(done, 2_900, async (step) => {
    if (step === "guest-tools") await build.runOnHost("build.sh", compilerScript);
    if (step === "data-cd") await build.runOnHost("xorriso", isoScript);
  });
  build.say("note", "qxl-vga is not in this QEMU: VGA takes its place.");
  build.session.record({ type: "step-started", step: "guest", time: Date.now() - 2_900 });
  build.say("guest-log", "setup: started on Linux 6.1.0-50-686");
  build.say("guest-log", "setup: copy the guest tools to /opt");
  build.say("guest-log", "setup: start them at each boot from now on");
  build.print(
    "\r\n   microcore: a TinyCore work-alike, made from Debian packages\r\n\r\n\x1b[32mtc@box\x1b[0m:~$ ",
  );
  await expect(tinsmith.build.locator(".log")).toContainText("at each boot");
  await expect(tinsmith.build.getByRole("button", { name: "./xorriso" })).toContainText("exit status 0");
  return build;
}

const noSpace: ErrorData = {
  code: "build-failed",
  message: 'the guest logged "setup: failed: save /opt and /home", then powered off',
  advice: "See the guest's last lines. The old image, if there was one, is as it was.",
  details: [
    'It is not done: its log has no line with "setup: done".',
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

/** The scenes of builds and their consoles. */
export const buildScenes: Scenes = {
  "rebuild-dialog": async (tinsmith, engine) => {
    const imported = join(engine.workspace, "microcore/microcore-setup.tar.lz4");
    writeFileSync(imported, "not made here");
    await tinsmith.rebuild("worker");
    await expect(tinsmith.dialog.getByRole("alert")).toContainText("was not made here");
  },
  "install-step-failed": async (tinsmith, engine) => {
    await tinsmith.rebuild("setup");
    await expect(tinsmith.build.getByRole("heading", { name: "Setup image microcore" })).toBeVisible();
    const build = engine.started.at(-1);
    if (!build) throw new Error("the window has begun no build");
    await build.backdate({ "install-iso": 400, disk: 330, boot: 9_200 }, 34_000, async () => {});
    build.session.record({ type: "step-started", step: "guest", time: Date.now() - 34_000 });
    const script = build.install(
      [
        { wait: "login:" },
        { type: "tc" },
        { wait: { match: "tc@box:.*\\$ " }, timeout: 30 },
        { type: "sudo tc-install.sh /dev/vda" },
        { wait: "Installation has completed" },
        { type: [{ secret: "ROOT_PASSWORD" }] },
        { type: "sudo poweroff" },
        { wait: "power-off" },
      ],
      2,
    );
    script.show("box:/home/tc #");
    script.fail("the serial console did not show /tc@box:.*\\$ / in 30 s", [
      "Core Linux",
      "box login: tc",
      "   ( '>')",
      "  /) TC (\\   Core is distributed with ABSOLUTELY NO WARRANTY.",
      " (/-_--_-\\)           www.tinycorelinux.net",
      "box:/home/tc # ",
    ]);
    await expect(tinsmith.build.getByRole("region", { name: "Failed step" })).toBeVisible();
    await expect(tinsmith.slot("microcore", "Setup image")).toContainText("Waiting for you");
  },
  "build-begins": async (tinsmith, engine) => {
    await tinsmith.rebuild("worker");
    await expect(tinsmith.build.getByRole("heading", { name: "Worker image microcore" })).toBeVisible();
    const build = engine.started.at(-1);
    build?.start("guest-tools");
    await expect(tinsmith.build.getByRole("button", { name: /Guest tools/ })).toBeVisible();
  },
  "command-asks": async (tinsmith, engine) => {
    await tinsmith.rebuild("worker");
    await expect(tinsmith.build.getByRole("heading", { name: "Worker image microcore" })).toBeVisible();
    const build = engine.started.at(-1);
    build?.start("guest-tools");
    // It is killed when the scene ends.
    void build?.runOnHost("build.sh", 'printf "Use the network? [y/N] "; read -r answer').catch(() => {});
    await expect(tinsmith.hostTerminal.getByRole("status")).toContainText("waits for input");
  },
  "host-failed": async (tinsmith, engine) => {
    await tinsmith.rebuild("worker");
    await expect(tinsmith.build.getByRole("heading", { name: "Worker image microcore" })).toBeVisible();
    const build = engine.started.at(-1);
    build?.start("guest-tools");
    await build?.runOnHost("build.sh", 'echo "agent.go:12: undefined: relay"; exit 2').catch(() => {});
    await build?.fail({
      code: "command-failed",
      message: "./build.sh failed with exit status 2: agent.go:12: undefined: relay",
      details: ["command: ./build.sh", "agent.go:12: undefined: relay"],
    });
    await expect(tinsmith.build.getByRole("region", { name: "Failure" })).toBeVisible();
  },
  building: async (tinsmith, engine) => {
    await beginBuild(tinsmith, engine);
    await expect(tinsmith.build.getByRole("progressbar", { name: "The whole build" })).toBeVisible();
  },
  built: async (tinsmith, engine) => {
    const build = await beginBuild(tinsmith, engine);
    build.finish("guest");
    build.session.record({ type: "step-started", step: "pack" });
    build.finish("pack");
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
    build.keepGuest({ ...noSpace, message: "the guest took longer than its time-out of 1200 s" });
    await expect(tinsmith.build.getByRole("button", { name: "Stop the kept guest" })).toBeVisible();
  },
  cancelled: async (tinsmith, engine) => {
    await beginBuild(tinsmith, engine);
    await tinsmith.build.getByRole("button", { name: "Cancel" }).click();
    await expect(tinsmith.build.getByRole("region", { name: "Cancelled" })).toBeVisible();
    await tinsmith.showTab("Sessions");
    await expect(tinsmith.page.locator(".session").first()).toContainText("Cancelled");
  },
  "killed-build": async (tinsmith, engine) => {
    const build = await beginBuild(tinsmith, engine);
    await build.end();
    await expect(tinsmith.build.getByRole("region", { name: /ended unexpectedly/ })).toBeVisible();
  },
  question: async (tinsmith, engine) => {
    const build = await beginBuild(tinsmith, engine);
    void build.askWhenOff("The guest has powered off.");
    await expect(tinsmith.build.getByRole("region", { name: "Package the disk?" })).toBeVisible();
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
