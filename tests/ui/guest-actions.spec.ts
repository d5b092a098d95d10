import { addRule, exchange } from "./breakpoints-page.ts";
import { expect, test } from "./fixtures.ts";
import { idleGuest, idleShell } from "./idle-guest.ts";
import { RunPage } from "./run-page.ts";
import { startScriptedMachine } from "./scripted-screen.ts";

test("before the guest tools have started, a shell and a listing wait for them without a time limit", async ({
  tinsmith,
  engine,
}) => {
  const run = await engine.beginRun();
  const view = await RunPage.open(tinsmith, "Run of");
  await view.newShell.click();
  const wait = view.shells.locator(".action-wait");
  await expect(wait).toContainText("Waiting for the guest tools to start.");
  await expect(wait).toContainText("There is no time limit until then.");
  run.join(idleShell);
  await expect(view.shells.getByRole("status").first()).toHaveText("Open");
});

test("keys after the click on + are typed into the new shell, and open no other one", async ({
  tinsmith,
  engine,
}) => {
  const run = await engine.beginRun();
  const view = await RunPage.open(tinsmith, "Run of");
  await view.newShell.click();
  await tinsmith.page.keyboard.press("Enter");
  await expect(view.shells.locator(".xterm-helper-textarea")).toBeFocused();
  await tinsmith.page.keyboard.type("ls");
  await tinsmith.page.keyboard.press("Enter");
  await expect(tinsmith.tabs(/^Shell \d+$/)).toHaveCount(1);
  let typed = "";
  run.join({
    files: {},
    shell: async ({ input }) => {
      for await (const bytes of input) typed += Buffer.from(bytes);
      return true;
    },
  });
  await expect.poll(() => typed).toContain("ls\r");
});

test("a guest that never answers: what is waited for, for how long, and what comes then; it can be given up", async ({
  tinsmith,
  engine,
}) => {
  const run = await engine.beginRun();
  await run.ping();
  const view = await RunPage.open(tinsmith, "Run of");
  await view.list("/home/tc");
  const wait = view.files.locator(".action-wait");
  await expect(wait).toContainText(/Waiting for the guest tools to ask .* \d+ s left of try 1 of 3/);
  await expect(wait).toContainText("Tinsmith tries twice more, then gives up");
  await run.poll();
  await expect(wait).toContainText(
    /The guest tools have taken the action; waiting for their answer: \d+ s left of try 1/,
  );
  await wait.getByRole("button", { name: "Cancel" }).click();
  await expect(wait).toBeHidden();

  await tinsmith.showLog();
  await view.newShell.click();
  await expect(tinsmith.page.locator(".shell .action-wait")).toContainText("left of try 1 of 1");
  await tinsmith.page.locator(".shell").getByRole("button", { name: "Cancel" }).click();
  await expect(tinsmith.page.locator(".shell")).toHaveCount(0);
});

test("while the virtual machine is paused, no countdown goes on, and each view says why", async ({
  tinsmith,
  engine,
}) => {
  const run = await engine.beginRun();
  await run.ping();
  const machine = await startScriptedMachine(run.session);
  const view = await RunPage.open(tinsmith, "Run of");
  const head = view.run.getByRole("status").first();
  await view.list("/home/tc");
  const wait = view.files.locator(".action-wait");
  await expect(wait).toContainText("left of try 1 of 3");
  machine.setState({ status: "paused" });
  await expect(wait).toContainText("Paused: waits until the virtual machine is resumed");
  addRule(run, { name: "ping", when: { endpoint: "ping" }, steps: [{ hold: true }] });
  void exchange(run, "GET", "ping");
  await expect(wait).toContainText("Paused: a message is held. The part Breakpoints releases it.");
  run.session.rules.rules.remove("ping");
  await expect(wait).toContainText("Paused: waits until the virtual machine is resumed");
  await expect(wait).not.toContainText("left of try");
  machine.setState({ status: "running" });
  await expect(wait).toContainText("left of try 1 of 3");
  await wait.getByRole("button", { name: "Cancel" }).click();
  run.join(idleShell);
  const shell = await view.openShell();
  machine.setState({ status: "paused" });
  await expect(shell.getByRole("status").first()).toHaveText("Open; the virtual machine is paused");
  await tinsmith.showLog();
  await expect(head).toContainText("The virtual machine is paused");
  run.report("success");
  await expect(head).toContainText("The task has succeeded; the virtual machine is paused");
  await expect(view.button("Kill task")).toBeDisabled();
  machine.end();
});

test("killing the task asks once", async ({ tinsmith, engine }) => {
  const run = await engine.beginRun();
  const guest = run.join(idleGuest);
  const view = await RunPage.open(tinsmith, "Run of");
  await view.button("Kill task").click();
  await expect(tinsmith.dialog).toContainText("SIGKILL after 5 s");
  expect(guest.asked).toEqual([]);
  await tinsmith.dialog.getByRole("button", { name: "Kill" }).click();
  await expect(tinsmith.dialog).toBeHidden();
  expect(guest.asked).toEqual(["kill-process"]);
  await run.finish("failed");
  await expect(view.run.getByRole("region", { name: "Result" })).toContainText("Killed on your request");
  await tinsmith.showTab("Sessions");
  await expect(tinsmith.page.locator(".session").first()).toContainText("Killed on your request");
});
