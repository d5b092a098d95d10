import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "@playwright/test";
import { makePlan, type Plan } from "../../../shared/contracts/plan.ts";
import { addRule, BreakpointsPage, exchange } from "../breakpoints-page.ts";
import { dropFiles } from "../drop-files.ts";
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
async function beginTalk(tinsmith: TinsmithPage, engine: ScriptedEngine, plan?: Plan) {
  const command = ["sh", "-c", "make test && ./upload artifacts"];
  const run = await engine.beginRun({ command, ...(plan && { plan }) });
  const view = await RunPage.open(tinsmith, plan ? "Guest tools" : "Run of");
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
  scenario: async (tinsmith, engine) => {
    await engine.leaveArchive(join(engine.workspace, "microcore/microcore-worker.tar.lz4"));
    const worker = tinsmith.slot("microcore", "Worker image");
    await worker.getByRole("button", { name: /More for/ }).click();
    await tinsmith.page.getByRole("menuitem", { name: "Run a scenario…" }).click();
    await tinsmith.dialog.getByLabel("Scenario").selectOption("All 10 scenarios");
    await expect(tinsmith.dialog).toContainText("They run one after another");
  },
  "run-live": async (tinsmith, engine) => {
    await beginTalk(tinsmith, engine);
  },
  "send-action": async (tinsmith, engine) => {
    await beginTalk(tinsmith, engine);
    await tinsmith.page.locator(".exchanges").getByRole("button", { name: "Send an action…" }).click();
    const editor = tinsmith.dialog.getByRole("textbox", { name: "Action" });
    await editor.fill(
      '{\n  "type": "list-folder",\n  "path": "/home/tc",\n  "depth": 2,\n  "command": []\n}',
    );
    await expect(tinsmith.dialog.getByRole("region", { name: "Issues" })).toContainText("depth");
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
  "run-expectations": async (tinsmith, engine) => {
    const set = join(engine.workspace, "microcore");
    const plan = makePlan({
      kind: "scenario",
      files: [join(set, "scenarios/poll.yaml")],
      archive: join(set, "microcore-worker.tar.lz4"),
    });
    const { run, view } = await beginTalk(tinsmith, engine, plan);
    const check = (expectation: string, passed: boolean, seen: string) => {
      const event = {
        type: "expectation-checked",
        expectation,
        passed,
        seen,
        at: Date.now(),
        exchange: 2,
      } as const;
      run.record(event);
    };
    check("the task's result is success", true, "the task succeeded");
    check('the log has "linker", and has 5,242,880 bytes', true, "a log of 5,242,880 bytes");
    check("exactly 2 exchanges of success", false, "1 exchange");
    await run.finish("success", { all: 3, unmet: 1 });
    await expect(view.run.getByRole("region", { name: "Expectations" })).toContainText("Seen: 1 exchange");
  },
  "run-series": async (tinsmith, engine) => {
    const set = join(engine.workspace, "microcore");
    const plan = makePlan({
      kind: "scenario",
      files: readdirSync(join(set, "scenarios"))
        .sort()
        .map((name) => join(set, "scenarios", name)),
      archive: join(set, "microcore-worker.tar.lz4"),
    });
    const first = await engine.beginRun({ plan });
    await first.finish("success", { all: 1, unmet: 0 });
    const earlier = [{ session: first.session.id, passed: true }];
    const second = await engine.beginRun({ plan, earlier });
    second.log("make: Entering directory '/home/tc/src'\r\n");
    const check = { expectation: "exactly 2 exchanges of failed", passed: false, seen: "1 exchange" };
    second.record({ type: "expectation-checked", ...check });
    await second.finish("failed", { all: 1, unmet: 1 });
    await engine.beginRun({ plan, earlier: [...earlier, { session: second.session.id, passed: false }] });
    const view = await RunPage.open(tinsmith, "scenario 2 of 10");
    await expect(view.run.locator(".run-series")).toContainText("2 of 10 scenarios have run");
    await expect(view.run).toContainText("1 of 1 expectation not met");
  },
  "save-scenario": async (tinsmith, engine) => {
    const { run } = await beginTalk(tinsmith, engine);
    addRule(run, { name: "break on ping request", when: { endpoint: "ping" }, steps: [{ hold: true }] });
    const held = exchange(run, "GET", "ping");
    await tinsmith.page.getByRole("button", { name: "Show message" }).click();
    await new BreakpointsPage(tinsmith).button("Send unchanged").click();
    await held;
    await tinsmith.command("Save a session as a scenario…");
    await expect(tinsmith.dialog).toContainText("The result is left out");
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
  put: async (tinsmith, engine) => {
    const { view } = await beginTalk(tinsmith, engine);
    const shell = await view.openShell();
    await dropFiles(shell, [join(engine.workspace, "microcore/recipe.yaml")]);
    await expect(tinsmith.dialog.getByLabel("Folder in the guest")).toHaveValue("/tmp");
  },
  waiting: async (tinsmith, engine) => {
    const run = await engine.beginRun();
    const view = await RunPage.open(tinsmith, "Run of");
    await view.list("/home/tc");
    await run.poll();
    await expect(view.files).toContainText("waiting for their answer");
  },
};
