import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { TinsmithPage } from "../ui/tinsmith-page.ts";
import { putBuiltSet } from "./built-set.ts";
import { expect, test } from "./fixtures.ts";
import { launchShell, type Shell } from "./launch.ts";
import { processesOf } from "./processes-of.ts";

/** An emulated guest takes its time on a busy host. Milliseconds. */
const patience = 120_000;
/** The guest answers with a text that is not in the line. */
const line = "echo $((6*7))-done";
const answer = "42-done";

test("a recording has all its steps after the app was killed, and they can be saved", async ({ home }) => {
  test.setTimeout(600_000);
  const set = await putBuiltSet(home);
  {
    await using shell = await launchShell({ home });
    const tinsmith = await usable(shell);
    await expect(tinsmith.page.getByText("microcore").first()).toBeVisible();
    await tinsmith.command("Install the setup image by hand");
    await tinsmith.dialog.getByRole("button", { name: "Install setup image" }).click();
    await tinsmith.screenShows();
    await tinsmith.showTab("Serial");
    await serialShows(tinsmith, "tc@box");
    await tinsmith.typeIntoSerial(`${line}\r`);
    await serialShows(tinsmith, answer);
    await showsStep(tinsmith);
    process.kill(shell.processId, "SIGKILL");
    expect(await shell.ended).toBe(null);
    await expect.poll(() => processesOf(home)).toEqual([]);
  }
  const [recording, ...others] = globSync(join(home, "sessions/*/install.cast"));
  expect(others).toEqual([]);
  expect(readFileSync(recording ?? "", "utf8")).toContain(answer);

  await using shell = await launchShell({ home });
  const tinsmith = await usable(shell);
  await tinsmith.showTab("Sessions");
  await tinsmith.page.locator(".session-open").click();
  await showsStep(tinsmith);
  await tinsmith.build.getByRole("button", { name: "Save steps…" }).click();
  await tinsmith.dialog.getByRole("button", { name: "Save steps" }).click();
  await expect(tinsmith.dialog).toBeHidden();
  const saved = join(set, "recorded.steps.yaml");
  expect(existsSync(saved)).toBe(true);
  expect(readFileSync(saved, "utf8")).toContain(line);
});

async function usable({ page }: Shell): Promise<TinsmithPage> {
  const tinsmith = new TinsmithPage(page);
  await tinsmith.isUsable();
  return tinsmith;
}

async function serialShows(tinsmith: TinsmithPage, text: string): Promise<void> {
  await expect.poll(() => tinsmith.serialText(), { timeout: patience }).toContain(text);
}

/** Waits until the window shows the recorded line, and no other. */
async function showsStep(tinsmith: TinsmithPage): Promise<void> {
  await tinsmith.showLog();
  const panes = tinsmith.build.getByRole("toolbar", { name: "Panes" });
  await panes.getByRole("button", { name: "Recorded steps" }).click();
  const rows = tinsmith.build.getByRole("region", { name: "Recorded steps" }).locator(".install-step");
  await expect(rows).toHaveCount(1, { timeout: patience });
  await expect(rows).toContainText(line);
}
