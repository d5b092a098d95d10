import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { GuestScript } from "../../cli/support/test-guest.ts";
import { expect, test } from "./fixtures.ts";
import { idleGuest } from "./idle-guest.ts";
import { RunPage } from "./run-page.ts";
import type { ScriptedEngine } from "./scripted-engine.ts";
import type { TinsmithPage } from "./tinsmith-page.ts";

/** Opens the dialog for a run of an image whose recipe builds guest tools by a shell's script. */
async function ask(
  tinsmith: TinsmithPage,
  engine: ScriptedEngine,
  script: string,
  guest: GuestScript = idleGuest,
) {
  const tools = { build: ["sh", "-c", script], binary: "guest-tools" };
  appendFileSync(join(engine.workspace, "microcore/recipe.yaml"), `guestTools: ${JSON.stringify(tools)}\n`);
  const run = await engine.beginRun();
  run.join(guest);
  await RunPage.open(tinsmith, "Run of");
  await tinsmith.command("Replace the guest tools");
  const { dialog } = tinsmith;
  await expect(dialog).toContainText("They end the task and run it again. The image does not change.");
  await dialog.getByRole("button", { name: "Replace guest tools" }).click();
  return dialog;
}

/** A guest whose files are kept here, and whose guest tools get another process id when they are restarted. */
function replaceableGuest() {
  const put: Record<string, string> = {};
  let processId = 100;
  const guest: GuestScript = {
    files: {},
    shell: async ({ action, input, print }) => {
      const [, , script = "", program, , folder = "", name = ""] = action.command;
      if (program === "tinsmith-put") {
        put[folder + name] = (await Array.fromAsync(input)).join("");
        return true;
      }
      if (script.includes("kill -KILL")) {
        await print(`ready ${processId}\n`);
        await input[Symbol.asyncIterator]().next();
        processId += 1;
      } else await print(`${processId}\n`);
      return true;
    },
  };
  return { guest, put };
}

test("new guest tools are built, put into the guest and restarted, which the dialog and the log of the session say", async ({
  tinsmith,
  engine,
}) => {
  const { guest, put } = replaceableGuest();
  const dialog = await ask(tinsmith, engine, "printf new >guest-tools", guest);
  await expect(dialog).toHaveCount(0);
  await expect(tinsmith.notices).toContainText("The new guest tools have started.");
  expect(put).toEqual({
    "/opt/guest-tools": "new",
    "/opt/start-guest-tools": expect.stringMatching(/^#!\/bin\/sh\nexec \/opt\/guest-tools/),
  });
  const [log = ""] = engine.runs.map(({ session }) => readFileSync(session.paths.events, "utf8"));
  expect(log).toContain("The guest tools were replaced, and have started again.");
});

test("guest tools that can't be built are not replaced: the dialog says why, and can try again", async ({
  tinsmith,
  engine,
}) => {
  const dialog = await ask(tinsmith, engine, "echo main.go is broken >&2; exit 3");
  await expect(dialog.getByRole("alert")).toContainText("exit status 3");
  await expect(dialog.getByRole("alert")).toContainText("main.go is broken");
  await expect(dialog.getByRole("status")).toHaveCount(0);
  await expect(dialog.getByRole("button", { name: "Replace guest tools" })).toBeEnabled();
});

test("closing the dialog cancels the build of the guest tools", async ({ tinsmith, engine }) => {
  const pidFile = join(engine.workspace, "pid");
  const dialog = await ask(tinsmith, engine, `echo $$ >${pidFile}; exec sleep 1000`);
  await expect(dialog.getByRole("status")).toContainText("Building the guest tools.");
  await expect.poll(() => existsSync(pidFile) && readFileSync(pidFile, "utf8")).toMatch(/^\d+\n$/);
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(dialog).toHaveCount(0);
  const pid = readFileSync(pidFile, "utf8").trim();
  await expect.poll(() => existsSync(`/proc/${pid}`)).toBe(false);
  await expect(tinsmith.notices).toHaveCount(0);
});
