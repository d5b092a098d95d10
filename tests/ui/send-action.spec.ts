import type { Locator } from "@playwright/test";
import { exchange } from "./breakpoints-page.ts";
import { expect, test } from "./fixtures.ts";
import { openRun } from "./session-tabs.ts";
import type { TinsmithPage } from "./tinsmith-page.ts";

/** The dialog that composes an action. */
function composer({ dialog }: TinsmithPage) {
  return {
    text: async () => (await dialog.locator(".cm-line").allTextContents()).join("\n"),
    editor: dialog.getByRole("textbox", { name: "Action" }),
    send: () => dialog.getByRole("button", { name: "Send action" }).click(),
  };
}

const openComposer = (tinsmith: TinsmithPage, log: Locator) =>
  log
    .getByRole("button", { name: "Send an action…" })
    .click()
    .then(() => composer(tinsmith));

test("an action is composed in a form or as JSON, sent, and repeated", async ({ tinsmith, engine }) => {
  const { run } = await openRun(tinsmith, engine, "make test");
  const guest = run.join({ files: { "/etc/a": "content" }, shell: async () => true });
  const log = tinsmith.page.locator(".exchanges");
  const { text, send } = await openComposer(tinsmith, log);
  await tinsmith.dialog.getByLabel("Type").selectOption("get-artifact");
  await tinsmith.dialog.getByLabel("Path").fill("/etc/a");
  expect(JSON.parse(await text())).toEqual({ type: "get-artifact", path: "/etc/a", command: [], tty: false });
  await send();
  await expect(tinsmith.dialog).toBeHidden();
  await expect(tinsmith.notices).toContainText("The guest tools have replied with 7 bytes.");
  expect(guest.asked).toEqual(["get-artifact /etc/a"]);

  await log.getByRole("button", { name: "Group by action" }).click();
  await log
    .getByText(/composed/)
    .first()
    .click();
  await log.getByRole("button", { name: "Repeat the action…" }).click();
  await expect(tinsmith.dialog.getByLabel("Path")).toHaveValue("/etc/a");
  await send();
  await expect.poll(() => guest.asked).toEqual(["get-artifact /etc/a", "get-artifact /etc/a"]);
  await expect(tinsmith.dialog).toBeHidden();
});

test("an unknown action has issues and is sent; a malformed one is sent as it is, and can be given up", async ({
  tinsmith,
  engine,
}) => {
  const { run } = await openRun(tinsmith, engine, "make test");
  const log = tinsmith.page.locator(".exchanges");
  const { editor, send } = await openComposer(tinsmith, log);
  await editor.fill('{"type": "reboot"}');
  const issues = tinsmith.dialog.getByRole("region", { name: "Issues" });
  await expect(issues).toContainText('type is "reboot": must be one of');
  await expect(issues).toContainText("path is missing: must be a text");
  await send();
  const given = JSON.parse((await exchange(run, "GET", "poll")).body);
  expect(given).toEqual({ id: expect.any(String), type: "reboot" });
  expect((await exchange(run, "POST", `reply?id=${given.id}`, "no")).status).toBe(200);
  await expect(tinsmith.dialog).toBeHidden();

  await openComposer(tinsmith, log);
  await editor.fill('{"type": ');
  await send();
  expect((await exchange(run, "GET", "poll")).body).toBe('{"type": ');
  await expect(tinsmith.dialog.locator(".action-wait")).toContainText("left of try 1 of 1");
  await tinsmith.dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(tinsmith.dialog).toBeHidden();
  await expect(tinsmith.errors).toHaveCount(0);
});

test("an ended session can't be sent an action", async ({ tinsmith, engine }) => {
  const { run } = await openRun(tinsmith, engine, "make test");
  await run.finish("success");
  const button = tinsmith.page.getByRole("button", { name: "Send an action…" });
  await expect(button).toHaveAttribute("aria-disabled", "true");
});
