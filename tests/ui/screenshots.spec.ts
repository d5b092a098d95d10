import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { EditorPage } from "./editor-page.ts";
import { expect, test } from "./fixtures.ts";
import { runScenes } from "./run-scenes.ts";
import type { ScriptedEngine } from "./scripted-engine.ts";
import type { TinsmithPage } from "./tinsmith-page.ts";

/** For people to look at: what each view is like. */
const folder = join(import.meta.dirname, "../../.build/screenshots");

const looks = [
  { name: "light", colorScheme: "light", viewport: { width: 1280, height: 800 } },
  { name: "dark", colorScheme: "dark", viewport: { width: 1280, height: 800 } },
  { name: "small", colorScheme: "light", viewport: { width: 1000, height: 700 } },
] as const;

/** Puts the window into a state that is worth looking at. */
type Scene = (tinsmith: TinsmithPage, engine: ScriptedEngine) => Promise<void>;

async function beginBuild(tinsmith: TinsmithPage, engine: ScriptedEngine) {
  const archive = (image: string) => join(engine.workspace, `microcore/microcore-${image}.tar.lz4`);
  const steps = { "guest-tools": 2_100, "data-cd": 200, disk: 300, boot: 13_000, guest: 6_500, pack: 500 };
  engine.leaveArchive(archive("setup"));
  engine.leaveArchive(archive("worker"), { steps });
  await expect(tinsmith.slot("microcore", "Worker image")).toContainText("50.0 MB");
  await tinsmith.rebuild("worker");
  await expect(tinsmith.build.getByRole("heading", { name: "Worker image microcore" })).toBeVisible();
  const build = engine.started.at(-1);
  if (!build) throw new Error("the window has begun no build");
  for (const step of ["guest-tools", "data-cd", "disk"] as const) {
    build.start(step);
    build.finish(step);
  }
  await build.runOnHost(hostScript);
  build.say("note", "qxl-vga is not in this QEMU: VGA takes its place.");
  build.start("boot");
  build.finish("boot");
  build.start("guest");
  build.say("guest-log", "setup: started on Linux 6.1.0-50-686");
  build.say("guest-log", "setup: copy the guest tools to /opt");
  build.print(
    "\r\n   microcore: a TinyCore work-alike, made from Debian packages\r\n\r\n\x1b[32mtc@box\x1b[0m:~$ ",
  );
  return build;
}

/** As the compiler and the ISO builder print. */
const hostScript = [
  'printf "github.com/tinsmith/guest-tools/internal/shell\\n"',
  'printf "github.com/tinsmith/guest-tools\\n"',
  'printf "\\033[33mxorriso : NOTE :\\033[0m Environment variable SOURCE_DATE_EPOCH encountered\\n"',
  'printf "ISO image produced: 3610 sectors\\nWritten to medium : \\033[32m3610 sectors\\033[0m at LBA 0\\n"',
].join("; ");

const scenes: Record<string, Scene> = {
  welcome: async (tinsmith, engine) => {
    engine.leaveArchive(join(engine.workspace, "microcore/microcore-setup.tar.lz4"));
    await expect(tinsmith.slot("microcore", "Setup image")).toContainText("50.0 MB");
  },
  building: async (tinsmith, engine) => {
    await beginBuild(tinsmith, engine);
    await expect(tinsmith.build.locator(".log")).toContainText("copy the guest tools");
  },
  built: async (tinsmith, engine) => {
    const build = await beginBuild(tinsmith, engine);
    build.finish("guest");
    build.start("pack");
    build.finish("pack");
    await build.succeed();
    await expect(tinsmith.build.getByRole("region", { name: "Result" })).toBeVisible();
  },
  failed: async (tinsmith, engine) => {
    const build = await beginBuild(tinsmith, engine);
    copyFileSync(join(import.meta.dirname, "screen.png"), build.session.paths.screenshot);
    await build.fail({
      code: "build-failed",
      message: 'the guest powered off, but its log has no line with "setup: done"',
      advice: "See the guest's last lines. The old image, if there was one, is as it was.",
      details: [
        "serial: tc@box:~$ filetool.sh -b",
        "serial: Backing up files to /mnt/vda2/tce/mydata.tar",
        "guest: tar: write error: No space left on device",
        "guest: setup: failed: save /opt and /home",
      ],
    });
    await expect(tinsmith.build.getByRole("region", { name: "Failure" })).toBeVisible();
  },
  serial: async (tinsmith, engine) => {
    await beginBuild(tinsmith, engine);
    await tinsmith.showTab(/^Serial/);
    await expect.poll(() => tinsmith.serialText()).toContain("tc@box");
  },
  sessions: async (tinsmith, engine) => {
    await (await engine.begin("Setup image microcore", "/a")).succeed();
    await (await engine.begin("Worker image microcore", "/b")).fail({
      code: "build-failed",
      message: "it failed",
    });
    await engine.begin("Worker image tinycore", "/c");
    await tinsmith.showTab("Sessions");
    await expect(tinsmith.page.getByText("Worker image tinycore")).toBeVisible();
  },
  install: async (tinsmith) => {
    await tinsmith.slot("tinycore", "Setup image").getByRole("button", { name: "Install…" }).click();
    await tinsmith.dialog.getByLabel("Boots from").selectOption("an ISO to be fetched");
  },
  question: async (tinsmith, engine) => {
    const build = await beginBuild(tinsmith, engine);
    void build.askWhenOff("The guest has powered off.");
    await expect(tinsmith.build.getByRole("region", { name: "What becomes of it?" })).toBeVisible();
  },
  palette: async (tinsmith) => {
    await tinsmith.page.keyboard.press("Control+k");
    await expect(tinsmith.dialog).toBeVisible();
  },
  settings: async (tinsmith) => {
    await tinsmith.command("Settings");
    await expect(tinsmith.dialog.getByLabel("Theme")).toBeVisible();
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
      message: "the worker image is being built already",
      advice: "Wait for that build, or end it.",
    });
    await tinsmith.rebuild("worker");
    await expect(tinsmith.errors).toBeVisible();
  },
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

for (const { name: look, ...use } of looks)
  test.describe(look, () => {
    test.use(use);
    for (const [name, scene] of Object.entries({ ...scenes, ...runScenes }))
      test(name, async ({ tinsmith, engine }) => {
        await scene(tinsmith, engine);
        await tinsmith.page.screenshot({ path: join(folder, `${name}-${look}.png`) });
      });
  });
