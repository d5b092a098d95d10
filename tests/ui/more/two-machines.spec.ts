import { expect, test } from "../fixtures.ts";
import { RunPage } from "../run-page.ts";

test("two virtual machines have panels of their own, in a colour of their own", async ({
  tinsmith,
  engine,
  page,
}) => {
  const runs = [await engine.beginRun(), await engine.beginRun()];
  const guests = runs.map((run) => run.join({ files: {}, shell: async () => true }));
  await tinsmith.showTab("Sessions");
  await expect(page.locator(".session")).toHaveCount(2);
  for (const [index, run] of runs.entries()) run.log(`log of ${index}\r\n`);
  // Which of two that began in the same second stands first is left to chance.
  const shown = new Set<string>();
  for (const index of [0, 1]) {
    await page.locator(".session-open").nth(index).click();
    const { log } = new RunPage(tinsmith);
    const look = async () => {
      for (const [text] of ((await log.textContent()) ?? "").matchAll(/log of \d/g)) shown.add(text);
      return shown.size;
    };
    await expect.poll(look).toBe(index + 1);
  }
  const marks = page.locator(".tab-mark");
  const colours = await marks.evaluateAll((all) => all.map((mark) => getComputedStyle(mark).backgroundColor));
  expect(new Set(colours).size).toBe(2);
  expect(colours.filter((colour) => colour === colours[0])).toHaveLength(colours.length / 2);
  for (const guest of guests) await guest.finish("success");
});

test("one that the memory does not do for is refused with the figures, and what runs goes on", async ({
  tinsmith,
  engine,
}) => {
  const run = await engine.beginRun();
  const view = await RunPage.open(tinsmith, "Run of");
  engine.refuseNext({
    code: "no-memory",
    message: "the virtual machine needs 2048 MiB of memory, and this host can give 900 MiB",
    advice: "Close other programs or virtual machines, or give this one less memory with --memory.",
  });
  await tinsmith.rebuild("worker");
  await expect(tinsmith.errors).toContainText("needs 2048 MiB of memory, and this host can give 900 MiB");
  run.log("still here\r\n");
  await expect(view.log).toContainText("still here");
});
