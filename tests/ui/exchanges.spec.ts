import { readFileSync } from "node:fs";
import { leaveExchanges } from "../../core/session-record/test-exchanges.ts";
import { fetchFromLoopback } from "../fetch-from-loopback.ts";
import { expect, test } from "./fixtures.ts";
import { RunPage } from "./run-page.ts";

const idle = { files: { "/etc/passwd": "x" }, shell: async () => true };

test("exchanges come as they happen; one shows its request and reply; its action is linked both ways", async ({
  tinsmith,
  engine,
}) => {
  const run = await engine.beginRun();
  run.join(idle);
  const view = await RunPage.open(tinsmith, "Run of");
  await view.list("/etc");
  await expect(view.file("passwd")).toBeVisible();
  const reply = view.rows.filter({ hasText: "reply" });
  await expect(reply).toContainText("action 1");
  const detail = await view.select(reply);
  await expect(detail.getByRole("region", { name: "Request" })).toContainText('"/etc/passwd"');
  await expect(detail.getByRole("region", { name: "Reply 200" })).toContainText("No body");
  await detail.getByRole("button", { name: /^action 1: list-folder/ }).click();
  const action = view.exchanges.getByRole("article", { name: "Action 1" });
  await expect(action).toContainText("Done after");
  await action.getByRole("button", { name: /^exchange 1$/ }).click();
  await expect(view.exchanges.getByRole("article", { name: "Exchange 1" })).toContainText("poll");

  await view.exchanges.getByRole("button", { name: "Group by action" }).click();
  await expect(view.rows.first()).toContainText("1: list-folder /etc");
  await expect(view.rows).toHaveCount(3);
});

test("exchanges are filtered by endpoint, action, status and text", async ({ tinsmith, engine }) => {
  const run = await engine.beginRun();
  run.join(idle);
  const view = await RunPage.open(tinsmith, "Run of");
  await view.list("/etc");
  await expect(view.file("passwd")).toBeVisible();
  run.request("GET", "nothing-of-the-kind").end();
  await expect(view.rows.filter({ hasText: "404" })).toBeVisible();
  const { exchanges, rows } = view;
  await exchanges.getByLabel("Endpoint").selectOption("reply");
  await expect(rows).toHaveCount(1);
  await exchanges.getByRole("button", { name: "Show all" }).click();
  await exchanges.getByLabel("Status").selectOption("Refused (4xx)");
  await expect(rows).toHaveText([/nothing-of-the-kind/]);
  await exchanges.getByRole("button", { name: "Show all" }).click();
  await exchanges.getByLabel("Action", { exact: true }).selectOption("list-folder");
  await expect(rows).toHaveCount(2);
  await exchanges.getByRole("button", { name: "Show all" }).click();
  await exchanges.getByLabel("Text").fill("/etc/passwd");
  await expect(rows).toHaveText([/reply/]);
});

test("a body that was cut short is loaded whole from the session, also after its end; copy as curl; export", async ({
  tinsmith,
  engine,
}) => {
  const run = await engine.beginRun();
  const view = await RunPage.open(tinsmith, "Run of");
  run.request("POST", "log", { "X-Odd": "it's" }).end(`${"a line of the log\n".repeat(5_000)}the end\n`);
  const row = view.rows.filter({ hasText: "log" });
  await expect(row).toContainText("200");
  await run.finish("success");
  await tinsmith.page.reload();
  const detail = await view.select(row);
  await expect(detail).toContainText("4.1 kB of 90.0 kB");
  await detail.getByRole("button", { name: "Load the rest" }).click();
  await expect(detail).toContainText("the end");
  await detail.getByRole("button", { name: "as bytes" }).click();
  await expect(detail).toContainText("000000  61 20 6c 69 6e 65");
  await detail.getByRole("button", { name: "Copy as curl" }).click();
  const curl = await tinsmith.page.evaluate(() => navigator.clipboard.readText());
  expect(curl).toContain("curl -X POST http://169.254.169.254/engine/v1/log");
  expect(curl).toContain("-H 'X-Odd: it'\\''s'");
  const exported = tinsmith.page.waitForEvent("download");
  await view.exchanges.getByRole("button", { name: "Export the shown exchanges (HAR)" }).click();
  const har = JSON.parse(readFileSync(await (await exported).path(), "utf8"));
  expect(har.log.entries[0].request.url).toBe("http://169.254.169.254/engine/v1/log");
});

test("a guest's body is served as nothing that a browser would run, and no other file is", async ({
  tinsmith,
  engine,
}) => {
  const run = await engine.beginRun();
  const view = await RunPage.open(tinsmith, "Run of");
  run.request("POST", "log").end(`<script>alert(1)</script>${"x".repeat(10_000)}`);
  await expect(view.rows.filter({ hasText: "log" })).toContainText("200");
  const get = (path: string) =>
    fetchFromLoopback(engine.fileAddress(`/sessions/${run.session.id}/files/${path}`));
  const body = await get("bodies/1.request");
  expect(Object.fromEntries(body.headers)).toMatchObject({
    "content-type": "application/octet-stream",
    "x-content-type-options": "nosniff",
  });
  for (const path of ["lock", "bodies/1.request/../../lock", "bodies/../events", "working/image"])
    expect((await get(path)).status).toBe(404);
});

test("100,000 exchanges of a past session: the list stays short in the page, scrolls, filters, and follows", async ({
  tinsmith,
  engine,
}) => {
  leaveExchanges(engine.paths, 100_000);
  const view = await RunPage.open(tinsmith, "Run of worker");
  await expect(view.exchanges.getByRole("status")).toHaveText("100,000", { timeout: 60_000 });
  await expect(view.rows.last()).toHaveAttribute("aria-posinset", "100000");
  const list = view.exchanges.getByRole("listbox");
  for (const part of [0.5, 0, 0.9]) {
    await list.evaluate((box, to) => {
      box.scrollTop = box.scrollHeight * to;
    }, part);
    const first = async () => Number(await view.rows.first().getAttribute("aria-posinset"));
    await expect.poll(first).toBeGreaterThan(part * 100_000 - 100);
    await expect.poll(first).toBeLessThan(part * 100_000 + 100);
    expect(await view.rows.count()).toBeLessThan(60);
  }
  await expect(view.exchanges.getByRole("button", { name: "Follow" })).toHaveAttribute(
    "aria-pressed",
    "false",
  );
  await view.exchanges.getByLabel("Status").selectOption("Refused (4xx)");
  await expect(view.exchanges.getByRole("status")).toHaveText("10,000 of 100,000");
});

test("in a narrow window the times of a long session fit their column, which has a head with their unit", async ({
  tinsmith,
  engine,
  page,
}) => {
  await page.setViewportSize({ width: 1000, height: 700 });
  const run = await engine.beginRun();
  const time = Date.now() + 1_234_567;
  run.session.record({
    type: "exchange-started",
    exchange: 1,
    method: "GET",
    target: "/",
    headers: [],
    time,
  });
  const view = await RunPage.open(tinsmith, "Run of");
  await expect(view.exchanges.getByText("Time (s)")).toBeVisible();
  const shown = view.rows.first().locator("time");
  await expect(shown).toHaveText(/^123\d\.\d{3}$/);
  await expect(shown).toHaveAttribute("title", /^123\d\.\d{3} s after the session began$/);
  expect(await shown.evaluate((box) => box.scrollWidth - box.clientWidth)).toBe(0);
  for (const name of ["Endpoint", "Action", "Status"]) {
    const choice = view.exchanges.getByLabel(name, { exact: true });
    // As wide as it would be on its own.
    const missing = await choice.evaluate((box) => {
      const copy = box.cloneNode(true) as HTMLElement;
      copy.style.position = "absolute";
      box.parentElement?.append(copy);
      const [wanted, given] = [copy, box].map((one) => one.getBoundingClientRect().width);
      copy.remove();
      return (wanted ?? 0) - (given ?? 0);
    });
    expect(missing, name).toBeLessThan(1);
  }
});
