import { readFileSync } from "node:fs";
import { leaveExchanges } from "../../core/session-record/test-exchanges.ts";
import { fetchFromLoopback } from "../fetch-from-loopback.ts";
import { expect, test } from "./fixtures.ts";
import { leaveDebuggedRun } from "./leave-debugged-run.ts";
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
  await expect(reply).toContainText("1: list-folder /etc");
  const detail = await view.select(reply);
  await expect(detail.getByRole("region", { name: "Request" })).toContainText('"/etc/passwd"');
  await expect(detail.getByRole("region", { name: "Response 200" })).toContainText("No body");
  await detail.getByRole("button", { name: /^action 1: list-folder/ }).click();
  const action = view.exchanges.getByRole("article", { name: "Action 1" });
  await expect(action).toContainText("Done after");
  await action.getByRole("button", { name: /^exchange 1$/ }).click();
  await expect(view.exchanges.getByRole("article", { name: "Exchange 1" })).toContainText("poll");

  await view.exchanges.getByRole("button", { name: "Group by action" }).click();
  await expect(view.rows.first()).toContainText("1: list-folder /etc");
  await expect(view.rows).toHaveCount(3);
});

test("exchanges are filtered by typed words, which become chips, and by text; a fault is told in words", async ({
  tinsmith,
  engine,
}) => {
  const run = await engine.beginRun();
  run.join(idle);
  const view = await RunPage.open(tinsmith, "Run of");
  await view.list("/etc");
  await expect(view.file("passwd")).toBeVisible();
  run.request("GET", "nothing-of-the-kind").end();
  await expect(view.rows.filter({ hasText: "404" })).toBeVisible();
  const { exchanges, rows } = view;
  const field = exchanges.getByRole("combobox", { name: "Filter" });
  await view.filter("endpoint:reply");
  await expect(rows).toHaveCount(1);
  await field.press("Enter");
  await expect(exchanges.getByRole("button", { name: "Remove endpoint:reply" })).toBeVisible();
  await expect(field).toHaveValue("");
  await view.filter("statuss:200");
  await expect(exchanges.getByText("Did you mean status:?")).toBeVisible();
  await expect(rows).toHaveCount(1);
  await field.press("Escape");
  await expect(exchanges.getByRole("button", { name: /^Remove/ })).toHaveCount(0);
  await view.filter("status:>=400 ");
  await expect(rows).toHaveText([/nothing-of-the-kind/]);
  await exchanges.getByRole("button", { name: "Remove status:>=400" }).click();
  await view.filter("action:list-folder from:host");
  await expect(rows).toHaveCount(2);
  await view.filter('"/etc/passwd"');
  await expect(rows).toHaveText([/reply/]);
  await field.press("Enter");
  await field.press("Backspace");
  await expect(field).toHaveValue('"/etc/passwd"');
  await field.fill("");
  await exchanges.getByRole("button", { name: "Words of the filter" }).click();
  await tinsmith.page.getByRole("menuitem", { name: /^state:/ }).click();
  await expect(field).toHaveValue("state:");
  await expect(exchanges.getByText("state: needs open, done, refused, failed or cut.")).toBeVisible();
});

test("a span of time is chosen on the axis by pointer and keys, filters the exchanges, and is reset", async ({
  tinsmith,
  engine,
}) => {
  leaveDebuggedRun(engine.paths);
  const view = await RunPage.open(tinsmith, "Run of worker");
  await tinsmith.chooseOnTab(/^Action log$/, "Move to a tab of the window");
  const { exchanges, rows } = view;
  await expect(rows).toHaveCount(12);
  const box = exchanges.locator(".overview-box");
  const { x, y, width, height } = (await box.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  const { mouse } = tinsmith.page;
  // From 28.2 s to 42.3 s of 47 s: the log and a poll last all that time.
  await mouse.move(x + width * 0.6, y + height / 2);
  await mouse.down();
  await mouse.move(x + width * 0.9, y + height / 2, { steps: 5 });
  await mouse.up();
  await expect(exchanges.getByRole("status").first()).toHaveText("2 of 12");
  await expect(rows).toHaveText([/log/, /poll/]);
  const end = exchanges.getByRole("slider", { name: "End of the shown span" });
  await end.press("End");
  await expect(end).toHaveAttribute("aria-valuetext", "0:47.0");
  await expect(rows).toHaveCount(5);
  await end.press("+");
  await expect(rows).toHaveCount(5);
  await end.press("Alt+Home");
  await expect(end).not.toHaveAttribute("aria-valuetext", "0:47.0");
  await expect(rows.first()).toContainText("execute");
  await exchanges.getByRole("button", { name: "Show the whole session" }).click();
  await expect(rows).toHaveCount(12);
});

test("exchanges are sorted by a click on a column, and summed up as far as they are shown", async ({
  tinsmith,
  engine,
}) => {
  leaveDebuggedRun(engine.paths);
  const { exchanges, rows } = await RunPage.open(tinsmith, "Run of worker");
  const summary = exchanges.locator(".exchange-summary");
  await expect(summary).toHaveText("12 exchanges1.5 MB from the guest2 refused1 failed1 cut1 finding36.0 s");
  const took = exchanges.getByRole("button", { name: "Took" });
  await took.click();
  await expect(took).toHaveAttribute("aria-pressed", "true");
  await expect(rows.first()).toContainText("33.5 s");
  await took.click();
  await expect(rows.first()).toContainText("2.0 ms");
  await exchanges.getByRole("combobox", { name: "Filter" }).fill("endpoint:reply");
  await expect(summary).toHaveText(/^2 of 12 exchanges60.6 kB from the guest1 refused9.4 s/);
  await expect(rows).toHaveText([/711 ms/, /6.30 s/]);
  await summary.getByRole("button", { name: "Sort by time" }).click();
  await expect(took).toHaveAttribute("aria-pressed", "false");
});

test("bars are at their places in time, with waiting apart from work, and marked with the rule that held them", async ({
  tinsmith,
  engine,
}) => {
  leaveDebuggedRun(engine.paths);
  const view = await RunPage.open(tinsmith, "Run of worker");
  await tinsmith.chooseOnTab(/^Action log$/, "Move to a tab of the window");
  const partsOf = async (text: string) =>
    await view.rows
      .filter({ hasText: text })
      .locator(".exchange-bar")
      .evaluate((bar) => {
        const { left, width } = bar.getBoundingClientRect();
        return [...bar.children].map((part) => {
          const box = part.getBoundingClientRect();
          const seconds = (x: number) => ((x - left) / width) * 47;
          return [(part as HTMLElement).dataset.phase, seconds(box.left), seconds(box.right)];
        });
      });
  await expect(view.rows.locator(".exchange-bar").first()).toBeVisible();
  const near = (seconds: number) => expect.closeTo(seconds, 0);
  expect(await partsOf("Break on reply")).toEqual([
    ["request", near(18.3), expect.anything()],
    ["handling", near(18.5), near(24.6)],
    ["response", expect.anything(), expect.anything()],
    ["held", near(18.5), near(24.6)],
  ]);
  expect((await partsOf("25.000"))[0]).toEqual(["waiting", near(25), near(45)]);
  await expect(view.rows.filter({ hasText: "503" })).toContainText("Refuse the first ping");
  const detail = await view.select(view.rows.filter({ hasText: "Break on reply" }));
  await expect(detail).toContainText("request 200 ms, handling 6.10 s, response 1.0 ms, held 6.08 s");
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
  await view.filter("state:refused");
  await expect(view.exchanges.getByRole("status")).toHaveText("10,000 of 100,000");
});

test("in a narrow window the times of a long session fit their column, which has a head", async ({
  tinsmith,
  engine,
  page,
}) => {
  await page.setViewportSize({ width: 700, height: 700 });
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
  await expect(view.exchanges.getByText("Start", { exact: true })).toBeVisible();
  const shown = view.rows.first().locator("time");
  await expect(shown).toHaveText(/^20:3\d\.\d{3}$/);
  await expect(shown).toHaveAttribute("title", /^20:3\d\.\d{3} after the session began$/);
  expect(await shown.evaluate((box) => box.scrollWidth - box.clientWidth)).toBe(0);
});

test("an old exchange, of which the window keeps no long body in memory, is read from the disk when it is selected", async ({
  tinsmith,
  engine,
}) => {
  const run = await engine.beginRun();
  const time = Date.now();
  const long = { bytes: 2_000, beginning: Buffer.from(`${"long ".repeat(399)}end.`).toString("base64") };
  const none = { bytes: 0, beginning: "" };
  for (let exchange = 1; exchange <= 9_000; exchange += 1) {
    const target = `/number-${exchange}`;
    run.session.record({ type: "exchange-started", exchange, method: "POST", target, headers: [], time });
    run.session.record({
      type: "exchange-ended",
      exchange,
      outcome: "complete",
      request: long,
      reply: none,
      time: time + 1,
    });
  }
  const view = await RunPage.open(tinsmith, "Run of");
  await expect(view.exchanges.getByRole("status").first()).toHaveText("9,000", { timeout: 45_000 });
  await view.filter('"/number-7"');
  await view.exchanges.getByRole("combobox", { name: "Filter" }).press("Enter");
  await view.filter("long");
  // The body of number 7 is not in memory, so that this text is not found in it.
  await expect(view.exchanges.getByRole("status").first()).not.toHaveText(/^1,111 of/);
  await view.exchanges.getByRole("combobox", { name: "Filter" }).fill("");
  await view.exchanges.getByRole("listbox").evaluate((box) => box.scrollTo(0, 0));
  const detail = await view.select(view.rows.first());
  await expect(detail).toContainText("POST /number-7");
  await expect(detail).toContainText("long end.");
});
