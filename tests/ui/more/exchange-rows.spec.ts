import { expect, test } from "../fixtures.ts";
import { RunPage } from "../run-page.ts";

test("an open exchange counts until now: in its row, in the summary, and when exchanges are sorted by their time", async ({
  tinsmith,
  engine,
}) => {
  const run = await engine.beginRun();
  const time = Date.now() - 96_000;
  const begun = { type: "exchange-started", method: "POST", headers: [], time } as const;
  run.session.record({ ...begun, exchange: 1, target: "/engine/v1/log" });
  run.session.record({ ...begun, exchange: 2, target: "/engine/v1/ping" });
  const none = { bytes: 0, beginning: "" };
  run.session.record({
    type: "exchange-ended",
    exchange: 2,
    outcome: "complete",
    request: none,
    reply: none,
    time: time + 6_000,
  });
  const { exchanges, rows } = await RunPage.open(tinsmith, "Run of");
  await expect(exchanges.locator(".exchange-summary")).toContainText(/[12] min \d+ s/);
  await expect(rows.filter({ hasText: "log" })).toContainText(/[12] min \d+ s/);
  await exchanges.getByRole("button", { name: "Took" }).click();
  await expect(rows).toHaveText([/log/, /ping.*6.00 s/]);
  const took = rows.first().locator(".exchange-latency");
  expect(await took.evaluate((box) => box.scrollWidth - box.clientWidth)).toBe(0);
});

test("a selected row stays in sight beside its details, and an action's details have its request and its reply", async ({
  tinsmith,
  engine,
}) => {
  const run = await engine.beginRun();
  run.join({ files: { "/etc/passwd": "x" }, shell: async () => true });
  const view = await RunPage.open(tinsmith, "Run of");
  await view.list("/etc");
  await expect(view.file("passwd")).toBeVisible();
  const time = Date.now();
  const target = "/engine/v1/ping";
  for (let exchange = 100; exchange < 160; exchange += 1)
    run.session.record({ type: "exchange-started", exchange, method: "GET", target, headers: [], time });
  await expect(view.exchanges.getByRole("status").first()).toHaveText(/^6\d$/);
  const last = view.rows.last();
  await view.select(last);
  await expect(last).toHaveAttribute("aria-selected", "true");
  await expect(last).toBeInViewport({ ratio: 1 });

  await view.exchanges.getByRole("button", { name: "Group by action" }).click();
  await view.rows.first().click();
  const action = view.exchanges.getByRole("article", { name: "Action 1" });
  await expect(action.getByRole("region", { name: "Request" })).toContainText('"path": "/etc"');
  await expect(action.getByRole("region", { name: "Reply" })).toContainText('"/etc/passwd"');
  await expect(action).toContainText(/Answered after .* by exchange \d+ \(\d+ bytes\)/);
});
