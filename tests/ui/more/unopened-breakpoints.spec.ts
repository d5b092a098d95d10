import { addRule, BreakpointsPage, exchange } from "../breakpoints-page.ts";
import { expect, test } from "../fixtures.ts";

test("a message of a session that is not open is told of in the list of sessions, a line and the title", async ({
  tinsmith,
  engine,
}) => {
  const run = await engine.beginRun({ command: ["sh", "-c", "make test"], waitsForWindow: true });
  await tinsmith.showTab("Sessions");
  addRule(run, { name: "from the CLI", when: { endpoint: "ping" }, steps: [{ hold: true }] });
  const response = exchange(run, "GET", "ping");
  const notice = tinsmith.page.getByRole("status").filter({ hasText: "make test: 1 message held" });
  await expect(notice).toBeVisible();
  await expect(tinsmith.page).toHaveTitle(/^1 message held – /);
  await expect(tinsmith.page.locator(".session")).toContainText("A message is held");
  await notice.getByRole("button", { name: "Show message" }).click();
  const view = new BreakpointsPage(tinsmith);
  await expect(view.message).toContainText("Rule: from the CLI");
  await view.button("Send unchanged").click();
  expect((await response).status).toBe(200);
  await expect(tinsmith.page).toHaveTitle(/^make test – /);
  await expect(notice).toBeHidden();
});
