import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { letTimePass } from "../../let-time-pass.ts";
import { BreakpointsPage } from "../breakpoints-page.ts";
import { startRealEngine } from "../real-engine.ts";
import { RunPage } from "../run-page.ts";
import { TinsmithPage } from "../tinsmith-page.ts";

/** Prints all the time, except while the virtual machine is paused. */
const task = "i=0; while :; do i=$((i + 1)); echo tick $i; sleep 0.2; done";

// Boots one real virtual machine under emulation.
test("messages of real guest tools are held, edited, answered, cut and sent", async ({ page }) => {
  // It may have to build the images first.
  test.setTimeout(900_000);
  await using engine = await startRealEngine("built");
  const tinsmith = new TinsmithPage(page);
  await tinsmith.open(engine.address);
  await tinsmith.toolbar.getByRole("button", { name: "Run…" }).click();
  await tinsmith.dialog.getByLabel("Command").fill(task);
  await tinsmith.dialog.getByRole("button", { name: "Run image", exact: true }).click();
  const run = new RunPage(tinsmith);
  await expect(run.log).toContainText("tick 5", { timeout: 90_000 });
  const view = await BreakpointsPage.open(tinsmith);
  /** Shows the listed files, and waits until one is among them. */
  const listed = async (name: string) => {
    await tinsmith.showTab(/^Files$/);
    // The tree shows all that the filter finds.
    await run.files.getByRole("searchbox").fill(name);
    await expect(run.file(name).first()).toBeVisible({ timeout: 40_000 });
  };
  /** Lists a folder of the guest's, and shows the breakpoints again. */
  const list = async (folder: string) => {
    await run.list(folder);
    await tinsmith.showTab(/^Breakpoints/);
  };
  const held = (number: number) =>
    expect(view.message).toHaveAccessibleName(`Held message ${number}`, { timeout: 40_000 });

  /** The last line of the task. */
  const ticks = async () => {
    await tinsmith.showLog();
    await expect(run.log).toContainText(/tick \d+/);
    const text = await run.log.textContent();
    return text?.match(/tick \d+/g)?.at(-1);
  };

  await test.step("a held response pauses the guest; edited, it lists another folder", async () => {
    await view.breakOn({ Direction: "response of", Endpoint: "poll", Action: "for list-folder" });
    await list("/no/such/folder");
    await held(1);
    await expect(view.editor).toContainText("/no/such/folder");
    await expect(view.part).toContainText("The virtual machine is paused");
    const before = await ticks();
    await letTimePass(2000);
    expect(await ticks()).toBe(before);
    await tinsmith.showTab(/^Breakpoints/);
    const lines = await view.editor.locator(".cm-line").allTextContents();
    await view.editor.fill(lines.join("\n").replace("/no/such/folder", "/etc/init.d"));
    await view.button("Send edited").click();
    await expect(view.held).toHaveCount(0);
    await expect.poll(ticks, { timeout: 30_000 }).not.toBe(before);
    await expect(run.run).toContainText("The guest's clock was set", { timeout: 40_000 });
    await listed("network");
  });

  await test.step("a request is answered with an error, cut, and sent: the guest tools try it again each time", async () => {
    await tinsmith.showTab(/^Breakpoints/);
    await view.breakOn({
      "How often": "each",
      Direction: "request to",
      Endpoint: "reply",
      Action: "for list-folder",
    });
    await list("/etc");
    await held(2);
    await expect(view.editor).toContainText("/etc/passwd");
    await view.button("Answer with error").click();
    await page.getByRole("menuitem", { name: "503" }).click();
    await held(3);
    await view.button("Cut connection").click();
    await held(4);
    await view.editor.fill('{"files": ["/etc/of-the-window"], "notFound": false}');
    await view.button("Send edited").click();
    await listed("of-the-window");
  });

  await test.step("the guest runs while a message is held, gives up, and tries its request again", async () => {
    const runs = view.part.getByLabel("Let the virtual machine run while messages are held");
    await tinsmith.showTab(/^Breakpoints/);
    await runs.check();
    await list("/etc/init.d");
    await held(5);
    await expect(view.message).toContainText("The guest tools give up in");
    await held(6);
    await expect(view.held).toContainText("try 2");
    await view.button("Send unchanged").click();
    await listed("network");
    await tinsmith.showTab(/^Breakpoints/);
    await runs.uncheck();
  });

  await test.step("a rule that is removed lets go of what it holds", async () => {
    await list("/etc/init.d");
    await held(7);
    await view.button("Remove rule break on reply request for list-folder").click();
    await expect(view.held).toHaveCount(0);
    await listed("network");
  });

  await test.step("two messages are held at once: the guest is paused until both are sent", async () => {
    const shell = await run.openShell();
    await expect.poll(() => run.shellText(shell), { timeout: 30_000 }).toMatch(/[#$] *$/m);
    const rules = join(engine.imageSet, "rules.yaml");
    writeFileSync(
      rules,
      "rules: [{name: typed, when: {from: host, message: data, stream: stdin}, steps: [{hold: true}]}]",
    );
    await engine.tinsmith("rules", "add", rules);
    await page.keyboard.type("echo $((6 * 7))\n");
    await tinsmith.showTab(/^Breakpoints/);
    await held(8);
    await view.breakOn({ Direction: "response of", Endpoint: "poll", Action: "for list-folder" });
    await list("/opt");
    await expect(view.held).toHaveCount(2, { timeout: 40_000 });
    await held(8);
    await view.button("Send unchanged").click();
    await held(9);
    await expect(view.part).toContainText("The virtual machine is paused");
    await tinsmith.showTab(/^Shell \d+$/);
    expect(await run.shellText(shell)).not.toMatch(/^42 *$/m);
    await tinsmith.showTab(/^Breakpoints/);
    await view.button("Send unchanged").click();
    await expect(view.held).toHaveCount(0);
    await tinsmith.showTab(/^Shell \d+$/);
    await expect.poll(() => run.shellText(shell), { timeout: 30_000 }).toMatch(/^42 *$/m);
  });

  await test.step("a message stays held while the window is loaded again", async () => {
    await tinsmith.showTab(/^Breakpoints/);
    await view.breakOn({ Direction: "request to", Endpoint: "reply", Action: "for list-folder" });
    await list("/etc/init.d");
    await held(10);
    await page.reload();
    await held(10);
    await expect(view.editor).toContainText("/etc/init.d/network");
    await view.button("Send unchanged").click();
    await expect(view.held).toHaveCount(0);
    const before = await ticks();
    await expect.poll(ticks, { timeout: 30_000 }).not.toBe(before);
  });
});
