import type { Locator } from "@playwright/test";
import { letTimePass } from "../../let-time-pass.ts";
import { expect, test } from "../fixtures.ts";
import { RunPage } from "../run-page.ts";
import type { ScriptedEngine } from "../scripted-engine.ts";
import type { SessionProcess } from "../session-process.ts";
import type { TinsmithPage } from "../tinsmith-page.ts";

// A build's and a run's process is killed, slow and deaf while each part of its tab is open.

const hasEnded = "Its process has ended unexpectedly";

/** A session's tab in which each part was shown, and continues behind the one in front. */
interface OpenTab {
  readonly process: SessionProcess;
  readonly view: RunPage;
  /** The part that tells how it goes. */
  readonly log: Locator;
  /** The only shell; none in a build. */
  readonly shell: Locator | undefined;
}

async function openAllParts(
  tinsmith: TinsmithPage,
  engine: ScriptedEngine,
  kind: "build" | "run",
): Promise<OpenTab> {
  const process = await engine.beginProcess(kind);
  await process.record(
    kind === "build" ? { type: "step-started", step: "boot" } : { type: "guest-tools-started" },
  );
  await tinsmith.showTab("Sessions");
  await tinsmith.page.locator(".session-open").click();
  const view = new RunPage(tinsmith);
  await tinsmith.showTab(/^Serial/);
  await expect.poll(() => tinsmith.serialText()).toContain("login ");
  await tinsmith.showTab(/^Screen/);
  await tinsmith.screenShows();
  if (kind === "build") return { process, view, log: tinsmith.build, shell: undefined };
  await tinsmith.showTab(/^Action log$/);
  await expect(view.rows.first()).toBeVisible();
  await view.list("/tmp");
  await expect(view.file("notes")).toBeVisible();
  const shell = await view.openShell();
  await expect.poll(() => view.shellText(shell)).toContain("ready ");
  return { process, view, log: view.run, shell };
}

/** Counts the channels of a session that the window opens from now on. */
function countChannels({ page }: TinsmithPage, session: string): () => number {
  let count = 0;
  page.on("websocket", (socket) => {
    if (socket.url().includes(session)) count += 1;
  });
  return () => count;
}

/** Each part says that the session has ended, and still has what it had. */
async function expectEnded(tinsmith: TinsmithPage, { view, log, shell }: OpenTab): Promise<void> {
  if (shell) {
    await tinsmith.showTab("Shell 1");
    await expect(shell.getByRole("status").first()).toHaveText("The run has ended");
    await expect(shell.getByRole("button", { name: /End the shell|Open another/ })).toHaveCount(0);
    expect(await view.shellText(shell)).toContain("ready ");
    await tinsmith.showTab(/^Files$/);
    await expect(view.file("notes")).toBeVisible();
    await expect(view.files.getByRole("button", { name: "List" })).toBeDisabled();
    await tinsmith.showTab(/^Action log$/);
    await expect(view.rows.first()).toBeVisible();
  }
  await tinsmith.showTab(/^Screen/);
  await expect(tinsmith.screen).toContainText("The session has ended");
  await tinsmith.showTab(/^Serial/);
  await expect(tinsmith.serial).toContainText("Ended: read only");
  expect(await tinsmith.serialText()).toContain("login ");
  await tinsmith.showLog();
  await expect(log.getByRole("region", { name: hasEnded })).toBeVisible();
  await expect(log.getByRole("button", { name: /^(Stop|Cancel|Force)/ })).toHaveCount(0);
  await expect(tinsmith.notices).toHaveCount(0);
}

for (const kind of ["build", "run"] as const) {
  test(`each part of a ${kind} whose process was killed says that it has ended, and tries no more`, async ({
    tinsmith,
    engine,
  }) => {
    const tab = await openAllParts(tinsmith, engine, kind);
    const channels = countChannels(tinsmith, tab.process.id);
    await tab.process.kill();
    await expectEnded(tinsmith, tab);
    await letTimePass(1_500);
    const tried = channels();
    await letTimePass(3_000);
    expect(channels()).toBe(tried);
  });

  test(`each part of a ${kind} whose process is slow waits for it, and nothing is lost or comes twice`, async ({
    tinsmith,
    engine,
  }) => {
    const { process, view, log, shell } = await openAllParts(tinsmith, engine, kind);
    process.standStill();
    if (shell) {
      await tinsmith.page.keyboard.type("a");
      await view.list("/tmp");
    }
    await tinsmith.showTab(/^Serial/);
    await tinsmith.typeIntoSerial("b");
    await letTimePass(3_000);
    process.goOn();
    await expect.poll(async () => (await tinsmith.serialText()).trimEnd()).toBe("login <b>");
    if (shell) {
      await tinsmith.showTab("Shell 1");
      await expect.poll(async () => (await view.shellText(shell)).trimEnd()).toBe("ready <a>");
      await tinsmith.showTab(/^Files$/);
      await expect(view.file("notes")).toBeVisible();
      await tinsmith.showTab(/^Action log$/);
      // The folder was listed first, then came the shell.
      const again = view.rows.filter({ hasText: "reply" }).filter({ hasText: "3: list-folder" });
      await expect(again).toHaveCount(1);
    }
    await process.record({ type: "note", text: "late" });
    await tinsmith.showLog();
    await expect(log).toContainText("late");
    await expect(tinsmith.notices).toHaveCount(0);
  });

  test(`a ${kind} whose process is deaf is forced to end, and each part says that it has ended`, async ({
    tinsmith,
    engine,
  }) => {
    const tab = await openAllParts(tinsmith, engine, kind);
    await tinsmith.showLog();
    await tinsmith.page.clock.install();
    await tab.process.goDeaf();
    const [stop, stopping] = kind === "build" ? ["Cancel", "Cancelling…"] : ["Stop", "Stopping…"];
    await tab.log.getByRole("button", { name: stop }).click();
    await expect(tab.log.getByRole("button", { name: stopping })).toBeDisabled();
    await tinsmith.page.clock.runFor(10_000);
    await tab.log.getByRole("button", { name: "Force" }).click();
    await expectEnded(tinsmith, tab);
  });
}
