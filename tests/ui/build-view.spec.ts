import { rmSync } from "node:fs";
import { join } from "node:path";
import { showBuild } from "./build-page.ts";
import { expect, test } from "./fixtures.ts";

test("a failed build says the step and the cause first, and its step's last lines are in sight in a small window", async ({
  tinsmith,
  engine,
  page,
}) => {
  await page.setViewportSize({ width: 1000, height: 700 });
  const { build, line, step } = await showBuild(tinsmith, engine);
  build.start("disk");
  build.finish("disk");
  build.start("guest");
  for (let number = 0; number < 100; number += 1) build.say("guest-log", `line ${number};`);
  const details = Array.from({ length: 40 }, (_, number) => `evidence ${number}`);
  await build.fail({ code: "build-failed", message: "the disk is full", advice: "Try again.", details });
  const failure = tinsmith.build.getByRole("region", { name: "Failure" });
  await expect(failure).toBeInViewport({ ratio: 1 });
  await expect(failure.getByText("The disk is full")).toBeVisible();
  await expect(failure.getByText("evidence 39")).toBeHidden();
  await expect(line("line 99;")).toBeInViewport({ ratio: 0.9 });
  await expect(step("Guest").getByRole("img", { name: "failed" })).toBeInViewport({ ratio: 1 });
  await failure.getByText("Evidence", { exact: true }).click();
  await expect(failure.getByText("evidence 39")).toBeVisible();
});

test("a finished build offers what comes next: a setup image's worker, a worker's run, and its archive", async ({
  tinsmith,
  engine,
}) => {
  const output = join(engine.workspace, "microcore/microcore-setup.tar.lz4");
  const setup = await engine.begin("Setup image microcore", output);
  await tinsmith.slot("microcore", "Setup image").getByRole("button", { name: "Show" }).click();
  await engine.leaveArchive(output);
  await setup.succeed({
    bytes: 1.2e6,
    files: 1,
    largest: { path: "/opt/tools", before: 5.4e6, after: 6.6e6 },
  });
  const result = tinsmith.build.getByRole("region", { name: "Result" });
  await expect(result).toContainText("+1.2 MB: /opt/tools 5.4 MB -> 6.6 MB");
  await expect(result.getByRole("button", { name: "Show archive" })).toBeVisible();
  await expect(result.getByRole("button", { name: "Run…" })).toBeVisible();
  await result.getByRole("button", { name: "Rebuild worker" }).click();
  await expect.poll(() => engine.started.at(-1)?.plan).toMatchObject({ kind: "rebuild", image: "worker" });
  await engine.started.at(-1)?.succeed();
  await result.getByRole("button", { name: "Run…" }).click();
  await expect(tinsmith.dialog.getByRole("textbox").first()).toBeVisible();
});

test("a failed build that was deleted offers neither an export nor a retry of its step", async ({
  tinsmith,
  engine,
}) => {
  const { build } = await showBuild(tinsmith, engine);
  build.start("guest");
  build.say("guest-log", "setup: no such file");
  await build.fail({ code: "build-failed", message: "it failed" }, ["disk"]);
  const failure = tinsmith.build.getByRole("region", { name: "Failure" });
  await expect(failure.getByText("setup: no such file")).toBeVisible();
  await expect(failure.getByRole("button", { name: "Retry guest" })).toBeVisible();
  await expect(failure.getByRole("button", { name: /^Export/ })).toBeVisible();
  rmSync(build.session.paths.folder, { recursive: true });
  await expect(tinsmith.build.getByText("This session was deleted")).toBeVisible();
  await expect(failure.getByRole("button", { name: "Retry all" })).toBeVisible();
  await expect(failure.getByRole("button", { name: "Retry guest" })).toBeHidden();
  await expect(failure.getByRole("button", { name: /^Export/ })).toBeHidden();
});

test("whether a failed guest is kept can't be changed while a build is cancelled", async ({
  tinsmith,
  engine,
}) => {
  await showBuild(tinsmith, engine);
  engine.holdStops();
  const keep = tinsmith.build.getByRole("checkbox", { name: "Keep the guest if it fails" });
  await expect(keep).toBeEnabled();
  await tinsmith.build.getByRole("button", { name: "Cancel build" }).click();
  await expect(tinsmith.build.getByRole("button", { name: "Cancelling…" })).toBeVisible();
  await expect(keep).toBeDisabled();
});

test("a build says what is left only as long as that is known", async ({ tinsmith, engine }) => {
  const output = join(engine.workspace, "microcore/microcore-worker.tar.lz4");
  await engine.leaveArchive(output, { steps: { disk: 1_000, guest: 600_000 } });
  const build = await engine.begin("Worker image microcore", output);
  await build.backdate({}, 60_000, async () => {});
  await tinsmith.slot("microcore", "Worker image").getByRole("button", { name: "Show" }).click();
  const head = tinsmith.build.locator(".build-times");
  build.start("guest");
  await expect(head).toContainText(/, about .* left$/);
  build.start("disk");
  await expect(head).toContainText(/, longer than usual$/);
  const { session } = build;
  const { id, paths } = session;
  session.record({
    ...{ type: "build-started", title: "By hand", session: id, folder: paths.folder, output },
    isByHand: true,
  });
  await expect(head).toHaveText(/^\d+\.\d s$/);
  build.start("boot");
  await expect(head).toHaveText(/, waiting for you$/);
  build.finish("boot");
  build.start("pack");
  await expect(head).toHaveText(/^\d+\.\d s$/);
});
