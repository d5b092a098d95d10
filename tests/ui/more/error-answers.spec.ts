import { BreakpointsPage, exchange } from "../breakpoints-page.ts";
import { expect, test } from "../fixtures.ts";
import type { ScriptedEngine } from "../scripted-engine.ts";
import { openRun } from "../session-tabs.ts";
import type { TinsmithPage } from "../tinsmith-page.ts";

async function begin(tinsmith: TinsmithPage, engine: ScriptedEngine) {
  const { run } = await openRun(tinsmith, engine, "make test");
  return { run, view: await BreakpointsPage.open(tinsmith) };
}

test("a held request is answered with any error status, but with no other one", async ({
  tinsmith,
  engine,
  page,
}) => {
  const { run, view } = await begin(tinsmith, engine);
  await view.breakOn({ "How often": "each", Direction: "request to", Endpoint: "log" });
  const { dialog } = tinsmith;
  const openForm = async () => {
    await view.button("Answer with error").click();
    await page.getByRole("menuitem", { name: "Another status…" }).click();
  };
  const first = exchange(run, "POST", "log", "unseen\n");
  await openForm();
  await expect(dialog.getByLabel("Status")).toBeFocused();
  for (const wrong of ["", "399", "600", "4x4"]) {
    await dialog.getByLabel("Status").fill(wrong);
    await page.keyboard.press("Enter");
    await expect(dialog.getByRole("alert")).toContainText("Enter a status from 400 to 599.");
  }
  await dialog.getByLabel("Status").fill("429");
  await dialog.getByRole("button", { name: "Answer with error" }).click();
  expect((await first).status).toBe(429);
  await expect(dialog).toBeHidden();
  const second = run.request("POST", "log").end("unseen\n");
  second.on("error", () => {});
  await expect(view.message).toHaveAccessibleName("Held message 2");
  await openForm();
  second.destroy();
  await expect(dialog.getByRole("button", { name: "Answer with error" })).toHaveAccessibleDescription(
    "The request is no longer held",
  );
  await expect(dialog.getByRole("alert")).toHaveText(
    /^The request is no longer held: the guest tools gave up/,
  );
  await expect(dialog.getByRole("alert")).toBeVisible();
});

test("a used-up breakpoint is armed again, keeps what it holds, and holds the next message", async ({
  tinsmith,
  engine,
}) => {
  const { run, view } = await begin(tinsmith, engine);
  await view.breakOn({ Direction: "request to", Endpoint: "ping" });
  const arm = view.button("Arm rule break on ping request again");
  await expect(arm).toHaveCount(0);
  const first = exchange(run, "GET", "ping");
  await expect(view.rules).toContainText("applied to 1 message, used up");
  await arm.click();
  await expect(view.rules).toContainText("applied to 1 message, armed for 1 more");
  await expect(arm).toBeDisabled();
  await expect(arm).toBeFocused();
  const second = exchange(run, "GET", "ping");
  await expect(view.held).toHaveCount(2);
  await expect(view.rules).toContainText("applied to 2 messages, used up");
  expect((await exchange(run, "GET", "ping")).status).toBe(200);
  await view.button("Send all 2 unchanged").click();
  expect([(await first).status, (await second).status]).toEqual([200, 200]);
});
