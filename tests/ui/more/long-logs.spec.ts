import { once } from "node:events";
import type { Locator, Page } from "@playwright/test";
import { expect, test } from "../fixtures.ts";
import { RunPage } from "../run-page.ts";

/** The line at the top of a log, and its distance below the log's edge; undefined while none is drawn there. */
async function firstInSight(log: Locator): Promise<{ text: string | null; offset: number } | undefined> {
  return await log.evaluate((box) => {
    const edge = box.getBoundingClientRect().top;
    const line = [...box.querySelectorAll(".log-row")].find(
      (one) => one.getBoundingClientRect().bottom > edge,
    );
    const offset = (line?.getBoundingClientRect().top ?? Number.POSITIVE_INFINITY) - edge;
    return offset <= 0 ? { text: line?.textContent ?? "", offset } : undefined;
  });
}

async function scrollTo(log: Locator, part: number): Promise<void> {
  await log.evaluate((box, to) => {
    box.scrollTop = box.scrollHeight * to;
  }, part);
}

/** Notes the milliseconds that are written from now on: each row that is drawn writes when its exchange has begun. */
async function noteMilliseconds(page: Page) {
  return await page.evaluateHandle(() => {
    const { padStart } = String.prototype;
    const written: string[] = [];
    String.prototype.padStart = function (length, fill) {
      const padded = padStart.call(this, length, fill);
      if (length === 3) written.push(padded);
      return padded;
    };
    return written;
  });
}

const numbered = (from: number, to: number, end = "") =>
  Array.from({ length: to - from }, (_, index) => `line ${from + index}${end}\n`).join("");

test("lines that a person reads stay in place while a log's first lines are dropped, also when they are wrapped", async ({
  tinsmith,
  engine,
}) => {
  const run = await engine.beginRun();
  const view = await RunPage.open(tinsmith, "Run of");
  run.log(numbered(0, 150_000));
  run.log(numbered(150_000, 150_400, ` ${"long ".repeat(100)}`));
  run.log(numbered(150_400, 199_000));
  await expect(view.log).toContainText("line 198999", { timeout: 60_000 });
  for (const part of [0.754, 0.5]) {
    await scrollTo(view.log, part);
    await expect.poll(() => firstInSight(view.log)).toBeDefined();
    const before = await firstInSight(view.log);
    run.log(numbered(0, 11_000, " more"));
    const dropped = part === 0.754 ? "20,000" : "40,000";
    await expect(view.run).toContainText(`The first ${dropped} lines are only in the session's files`, {
      timeout: 60_000,
    });
    expect(await firstInSight(view.log)).toEqual(before);
  }
});

test("a log stays where a person has scrolled it, also if it is drawn before the browser tells of the scrolling", async ({
  tinsmith,
  engine,
}) => {
  const run = await engine.beginRun();
  const view = await RunPage.open(tinsmith, "Run of");
  run.log(numbered(0, 300));
  await expect(view.log).toContainText("line 299");
  const wrap = view.run.getByRole("button", { name: "Wrap long lines" });
  await view.log.evaluate(
    (box, button) => {
      box.scrollTop = 1000;
      (button as HTMLElement).click();
    },
    await wrap.elementHandle(),
  );
  await expect(view.run.getByRole("button", { name: "Follow the log" })).toHaveAttribute(
    "aria-pressed",
    "false",
  );
  expect(await view.log.evaluate((box) => box.scrollTop)).toBe(1000);
});

test("exchanges that have ended are not drawn again while others come and one is open", async ({
  tinsmith,
  engine,
}) => {
  const run = await engine.beginRun();
  const view = await RunPage.open(tinsmith, "Run of");
  for (let number = 1; number <= 15; number += 1) {
    run.request("GET", `ended-${number}`).end();
    await expect(view.rows.filter({ hasText: "404" })).toHaveCount(number);
  }
  const open = run.request("POST", "log");
  open.flushHeaders();
  await expect(view.rows).toHaveCount(16);
  const latency = () => view.rows.last().locator(".exchange-latency").textContent();
  const drawn = await noteMilliseconds(tinsmith.page);
  const before = await latency();
  await expect.poll(latency).not.toBe(before);
  run.request("GET", "another").end();
  await expect(view.rows.filter({ hasText: "404" })).toHaveCount(16);
  const begun = await view.rows.locator(".exchange-time").allTextContents();
  expect(new Set(await drawn.jsonValue())).toEqual(new Set(begun.slice(-2).map((time) => time.slice(-3))));
  open.end();
  await once(open, "response");
});
