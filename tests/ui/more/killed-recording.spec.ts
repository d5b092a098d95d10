import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { ownProcessesNaming } from "../../../core/process/own-processes.ts";
import { findSessions } from "../../../core/session-record/find-sessions.ts";
import { sessionPaths } from "../../../core/storage/paths.ts";
import { type RealEngine, startRealEngine } from "../real-engine.ts";
import { TinsmithPage } from "../tinsmith-page.ts";

/** An emulated guest takes its time on a busy host. Milliseconds. */
const patience = 120_000;

/** The line that is typed as that step, and the text that the guest shows for it, which is not in the line. */
const line = (step: number) => `echo $((6*7))-${step}`;
const answer = (step: number) => `42-${step}`;

// One real guest after another, since each kill takes one away: what was recorded before is there after each.
test("a recording loses nothing when its page is closed, when the server, QEMU and its own process are killed", async ({
  page,
  context,
}) => {
  test.setTimeout(300_000);
  await using engine = await startRealEngine();
  let tinsmith = await openWindow(page, engine.address);
  await tinsmith.command("Install the setup image by hand");
  await tinsmith.dialog.getByRole("button", { name: "Install setup image" }).click();
  await tinsmith.screenShows();
  const [session] = findSessions(engine.paths);
  if (!session) throw new Error("the window has begun no session");
  const files = sessionPaths(engine.paths, session.id);
  const recorded = () => readFileSync(files.recording, "utf8");
  await tinsmith.showTab("Serial");
  await seen(tinsmith, "tc@box");
  await tinsmith.typeIntoSerial(`${line(1)}\r`);
  await seen(tinsmith, answer(1));

  await tinsmith.typeIntoSerial(line(2).slice(0, -3));
  await seen(tinsmith, line(2).slice(0, -3));
  await page.close();
  // A link opens one window.
  const link = await engine.tinsmith("serve", "--link");
  tinsmith = await openWindow(await context.newPage(), link);
  await showsSteps(tinsmith, [1]);
  await tinsmith.showTab("Serial");
  await tinsmith.typeIntoSerial(`${line(2).slice(-3)}\r`);
  await seen(tinsmith, answer(2));

  await tinsmith.open(await engine.restart());
  await showsSteps(tinsmith, [1, 2]);
  await tinsmith.showTab("Serial");
  await tinsmith.typeIntoSerial(`${line(3)}\r`);
  await seen(tinsmith, answer(3));
  killQemu(engine, session.id);
  const question = tinsmith.build.getByRole("region", { name: "Package the disk?" });
  await showsSteps(tinsmith, [1, 2, 3]);
  expect(recorded()).toContain(answer(3));

  await question.getByRole("button", { name: "Boot again" }).click();
  await tinsmith.showTab("Serial");
  await seen(tinsmith, /42-3[\s\S]*BusyBox[\s\S]*tc@box/);
  await tinsmith.typeIntoSerial(`${line(4)}\r`);
  await seen(tinsmith, answer(4));
  process.kill(session.processId, "SIGKILL");

  await tinsmith.showLog();
  const gone = tinsmith.build.getByRole("region", { name: "Its process has ended unexpectedly" });
  await expect(gone).toContainText("see Recorded steps");
  await showsSteps(tinsmith, [1, 2, 3, 4]);
  expect(recorded()).toContain(answer(4));
  expect(readFileSync(files.recordedSteps, "utf8")).toContain(line(3));
  // Also in a window that has not seen it run.
  await tinsmith.page.reload();
  await tinsmith.isUsable();
  await showsSteps(tinsmith, [1, 2, 3, 4]);
  const target = join(engine.imageSet, "recorded.steps.yaml");
  await tinsmith.build.getByRole("button", { name: "Save steps…" }).click();
  await tinsmith.dialog.getByRole("button", { name: "Save steps" }).click();
  await expect(tinsmith.dialog).toBeHidden();
  expect(existsSync(target)).toBe(true);
  const rebuild = ["rebuild", "setup", "--recipe", engine.imageSet, "--steps", target];
  const dry = await engine.tinsmith(...rebuild, "--dry-run", files.recording);
  for (const step of [1, 2, 3, 4]) expect(dry).toContain(line(step));
});

async function openWindow(page: Page, address: string): Promise<TinsmithPage> {
  const tinsmith = new TinsmithPage(page);
  await tinsmith.open(address);
  return tinsmith;
}

/** Waits until the serial console shows a text. */
async function seen(tinsmith: TinsmithPage, text: string | RegExp): Promise<void> {
  const pattern = typeof text === "string" ? RegExp(RegExp.escape(text)) : text;
  await expect.poll(() => tinsmith.serialText(), { timeout: patience }).toMatch(pattern);
}

/** Waits until the window shows the recorded lines, and no other. */
async function showsSteps(tinsmith: TinsmithPage, steps: readonly number[]): Promise<void> {
  await tinsmith.showLog();
  const panes = tinsmith.build.getByRole("toolbar", { name: "Panes" });
  await panes.getByRole("button", { name: "Recorded steps" }).click();
  const rows = tinsmith.build.getByRole("region", { name: "Recorded steps" }).locator(".install-step");
  await expect(rows).toHaveCount(steps.length, { timeout: patience });
  for (const [index, step] of steps.entries()) await expect(rows.nth(index)).toContainText(line(step));
}

function killQemu({ paths }: RealEngine, session: string): void {
  const socket = sessionPaths(paths, session).qmpSocket;
  const qemu = ownProcessesNaming(socket).filter(({ command: [program] }) => program?.includes("qemu"));
  for (const { id } of qemu) process.kill(id, "SIGKILL");
  expect(qemu).toHaveLength(1);
}
