import { createHash } from "node:crypto";
import { appendFileSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { execa } from "execa";
import type { SessionSummary } from "../../shared/session/session-summary.ts";
import { RunPage } from "../ui/run-page.ts";
import { TinsmithPage } from "../ui/tinsmith-page.ts";
import { putBuiltSet } from "./built-set.ts";
import { expect, test } from "./fixtures.ts";
import { launchShell, type Shell } from "./launch.ts";
import { machinesOf, processesOf } from "./processes-of.ts";
import { sessionProcesses } from "./session-processes.ts";

const project = resolve(import.meta.dirname, "../..");
const worker = "Worker image microcore";
const hasEnded = "Its process has ended unexpectedly";

// On real virtual machines under emulation, of which one boots to its end.
test("what is killed, cancelled or quit in the middle leaves nothing running and the old image whole; the next start restarts the build", async ({
  home,
}) => {
  test.setTimeout(600_000);
  const set = await putBuiltSet(home);
  const archive = join(set, "microcore-worker.tar.lz4");
  // An image that is up to date is not built.
  const changeSetup = () => appendFileSync(join(set, "../tinycore/setup.sh"), "# changed\n");
  changeSetup();
  const digest = () => createHash("sha256").update(readFileSync(archive)).digest("hex");
  const old = digest();
  {
    await using shell = await launchShell({ home });
    const tinsmith = await usable(shell);
    await killRun(home, shell, tinsmith);
    await killBuild(home, shell, tinsmith);
    expect(digest()).toBe(old);

    await tinsmith.build.getByRole("button", { name: "Retry all" }).click();
    await machineStarts(home);
    await tinsmith.build.getByRole("button", { name: "Cancel" }).dblclick();
    await expect(tinsmith.build.getByRole("region", { name: "Cancelled" })).toBeVisible({ timeout: 30_000 });
    expect(machinesOf(home)).toEqual([]);
    expect(digest()).toBe(old);

    await tinsmith.rebuild("worker");
    await machineStarts(home);
    process.kill(shell.processId, "SIGKILL");
    expect(await shell.ended).toBe(null);
    await expect.poll(() => processesOf(home)).toEqual([]);
    expect(digest()).toBe(old);
  }
  {
    await using shell = await launchShell({ home });
    const tinsmith = await usable(shell);
    const notice = tinsmith.page.getByRole("status").filter({ hasText: "Tinsmith ended before a build" });
    await expect(notice).toContainText(worker);
    await notice.getByRole("button", { name: "Restart build" }).click();
    await expect(notice).toBeHidden();
    await expect(tinsmith.build.getByRole("region", { name: "Result" })).toBeVisible({ timeout: 150_000 });
    const rebuilt = digest();
    expect(rebuilt).not.toBe(old);

    changeSetup();
    await tinsmith.rebuild("worker");
    await machineStarts(home);
    await shell.evaluate(({ app, dialog }) => {
      dialog.showMessageBox = async () => ({ response: 0, checkboxChecked: false });
      app.quit();
    });
    expect(await shell.ended).toBe(0);
    expect(processesOf(home)).toEqual([]);
    expect(digest()).toBe(rebuilt);
  }
  {
    await using shell = await launchShell({ home });
    const tinsmith = await usable(shell);
    await tinsmith.showTab("Sessions");
    const states = tinsmith.page.locator(".session").locator(".session-how strong");
    await expect(states).toHaveText([
      "Cancelled",
      "Succeeded",
      "Its process was killed",
      "Cancelled",
      "Its process was killed",
      "Its process was killed",
    ]);
    await shell.evaluate(({ app }) => app.quit());
    expect(await shell.ended).toBe(0);
  }
  await expect.poll(() => processesOf(home)).toEqual([]);
  const env = { TINSMITH_HOME: home };
  const { stdout } = await execa(join(project, "tinsmith"), ["sessions", "--all", "--json"], { env });
  const onDisk: readonly SessionSummary[] = JSON.parse(stdout);
  expect(onDisk.map(({ kind, status }) => `${kind} ${status}`)).toEqual([
    "build cancelled",
    "build succeeded",
    "build killed",
    "build cancelled",
    "build killed",
    "run killed",
  ]);
});

async function usable({ page }: Shell): Promise<TinsmithPage> {
  const tinsmith = new TinsmithPage(page);
  await tinsmith.isUsable();
  return tinsmith;
}

/** Waits until the one session that runs has its virtual machine; the guest tools may have to be built before. */
async function machineStarts(home: string): Promise<void> {
  await expect.poll(() => machinesOf(home), { timeout: 150_000 }).toHaveLength(1);
}

/** Kills the process of the only session, whose QEMU ends with it. */
async function killSession(home: string, shell: Shell): Promise<void> {
  await machineStarts(home);
  const [session, ...others] = await sessionProcesses(shell);
  expect(others).toEqual([]);
  process.kill(session ?? 0, "SIGKILL");
  await expect.poll(() => machinesOf(home)).toEqual([]);
}

async function killRun(home: string, shell: Shell, tinsmith: TinsmithPage): Promise<void> {
  await tinsmith.toolbar.getByRole("button", { name: "Run…" }).click();
  await tinsmith.dialog.getByLabel("Command").fill("sleep 1000");
  await expect(tinsmith.dialog.getByRole("alert")).toBeHidden();
  await tinsmith.dialog.getByRole("button", { name: "Run image", exact: true }).click();
  const view = new RunPage(tinsmith);
  await expect(view.button("Stop")).toBeVisible();
  await killSession(home, shell);
  await expect(view.run.getByRole("region", { name: hasEnded })).toContainText("a run never changes it");
  await expect(view.button("Stop")).toBeHidden();
  await expect(view.button("Run again…")).toBeEnabled();
}

async function killBuild(home: string, shell: Shell, tinsmith: TinsmithPage): Promise<void> {
  await tinsmith.rebuild("worker");
  await killSession(home, shell);
  const card = tinsmith.build.getByRole("region", { name: hasEnded });
  await expect(card).toContainText("The old image, if there was one, is as it was.");
  await expect(tinsmith.build.getByRole("button", { name: "Cancel" })).toBeHidden();
}
