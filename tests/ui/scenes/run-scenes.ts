import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "@playwright/test";
import { RunPage } from "../run-page.ts";
import type { ScriptedEngine } from "../scripted-engine.ts";
import type { TinsmithPage } from "../tinsmith-page.ts";
import type { Scenes } from "./scene.ts";

const files = Object.fromEntries(
  [
    "/home/tc/artifacts/report.json",
    "/home/tc/artifacts/logs/build.log",
    "/home/tc/artifacts/logs/test.log",
    "/home/tc/.profile",
    "/home/tc/<img src=x onerror=alert(1)>",
    "/home/tc/\u202Egnp.exe",
    "/home/tc/two\nlines",
  ].map((path) => [path, Buffer.alloc(4_200_000, "x")]),
);

/** A run with a guest that has files and shells, and that has been asked for something. */
async function beginTalk(tinsmith: TinsmithPage, engine: ScriptedEngine) {
  const run = await engine.beginRun({ command: ["sh", "-c", "make test && ./upload artifacts"] });
  const view = await RunPage.open(tinsmith, "Run of");
  run.request("GET", "execute").end();
  const guest = run.join({
    files,
    shell: async ({ input, print }) => {
      await print("\x1b[32mtc@box\x1b[0m:~$ ");
      for await (const bytes of input) await print(bytes);
      return true;
    },
  });
  run.log("make: Entering directory '/home/tc/src'\r\n");
  for (const name of ["lexer", "parser", "printer"]) run.log(`\x1b[32mok\x1b[0m   ${name}  0.3 s\r\n`);
  run.log(
    "\x1b[1;31mfail\x1b[0m \x1b[1mlinker\x1b[0m: expected \x1b[33m3\x1b[0m symbols, found \x1b[33m2\x1b[0m\r\n",
  );
  run.log(`link ${"-lone -ltwo -lthree ".repeat(16)}\r\n`);
  run.request("POST", "log").end("make: Entering directory '/home/tc/src'\n");
  await expect(view.log).toContainText("linker");
  return { run, view, guest };
}

/** The scenes of a run, its guest and its action log. */
export const runScenes: Scenes = {
  "run-dialog": async (tinsmith, engine) => {
    const stranger = join(engine.workspace, "microcore/microcore-worker.tar.lz4");
    writeFileSync(stranger, "not made here");
    await expect(tinsmith.slot("microcore", "Worker image")).not.toContainText("Not built");
    await tinsmith.toolbar.getByRole("button", { name: "Run…" }).click();
    await expect(tinsmith.dialog.getByRole("alert")).toContainText("was not made here");
  },
  "run-live": async (tinsmith, engine) => {
    await beginTalk(tinsmith, engine);
  },
  "run-failed": async (tinsmith, engine) => {
    const { run, view } = await beginTalk(tinsmith, engine);
    await run.fail({
      code: "guest-tools-lost",
      message: "the guest tools fell silent: no request for 120 s",
      advice:
        "See the guest's last lines: do the guest tools start at boot, and does the guest get an address?",
      details: ["Last lines of the serial console:", "  Out of memory: Killed process 213 (guest-tools)"],
    });
    await expect(view.run.getByRole("region", { name: "Failure" })).toBeVisible();
  },
  export: async (tinsmith, engine) => {
    const run = await engine.beginRun({ env: { API_TOKEN: "0123456789", LANGUAGE: "en" } });
    run.log("make: Nothing to be done for 'all'.\r\n".repeat(40_000));
    writeFileSync(run.session.paths.serialLog, "login: tc\r\n".repeat(9_000));
    writeFileSync(run.session.paths.qemuLog, "qemu-system-i386: terminating on signal 15\n");
    await run.fail({
      code: "guest-tools-lost",
      message: "the guest tools fell silent: no request for 120 s",
    });
    await RunPage.open(tinsmith, "Run of");
    await tinsmith.page.getByRole("button", { name: "Export for a bug report…" }).click();
    await expect(tinsmith.dialog.getByLabel("Save as")).toHaveValue(/tar\.gz$/);
  },
  exchanges: async (tinsmith, engine) => {
    const { view } = await beginTalk(tinsmith, engine);
    await view.list("/home/tc");
    await expect(view.file("artifacts")).toBeVisible();
    await tinsmith.showLog();
    await view.select(view.rows.filter({ hasText: "reply" }));
    await expect(view.exchanges.getByRole("article")).toContainText("files");
  },
  files: async (tinsmith, engine) => {
    const { view } = await beginTalk(tinsmith, engine);
    await view.list("/home/tc");
    await view.file("artifacts").click();
    await view.file(/^logs/).click();
    await view.download("build.log", join(engine.workspace, "build.log"));
    await expect(view.downloads.getByRole("img", { name: "Done" })).toBeVisible();
  },
  shells: async (tinsmith, engine) => {
    const { view } = await beginTalk(tinsmith, engine);
    await view.openShell();
    const second = await view.openShell();
    await expect.poll(() => view.shellText(second)).toContain("tc@box");
    await tinsmith.page.keyboard.type("ls -l artifacts");
    await expect.poll(() => view.shellText(second)).toContain("artifacts");
  },
  waiting: async (tinsmith, engine) => {
    const run = await engine.beginRun();
    const view = await RunPage.open(tinsmith, "Run of");
    await view.list("/home/tc");
    await run.poll();
    await expect(view.files).toContainText("waiting for their answer");
  },
};
