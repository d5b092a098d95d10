import { join } from "node:path";
import { expect, test } from "./fixtures.ts";
import type { ScriptedEngine } from "./scripted-engine.ts";
import { TinsmithPage } from "./tinsmith-page.ts";

async function openSerial(tinsmith: TinsmithPage, engine: ScriptedEngine) {
  const output = join(engine.workspace, "microcore/microcore-worker.tar.lz4");
  const build = await engine.begin("Worker image microcore", output);
  await tinsmith.slot("microcore", "Worker image").getByRole("button", { name: "Show" }).click();
  await tinsmith.showTab(/^Serial/);
  await expect(tinsmith.serial.locator(".xterm-rows")).toBeVisible();
  return build;
}

test("what the guest printed before, and what it prints, is there; what is typed reaches it", async ({
  tinsmith,
  engine,
}) => {
  const build = await openSerial(tinsmith, engine);
  build.print("tc@box:~$ ");
  await expect.poll(() => tinsmith.serialText()).toContain("tc@box:~$");
  await tinsmith.typeIntoSerial("ls -l\r");
  await expect.poll(() => build.typed()).toBe("ls -l\r");
});

test("a guest that asks the terminal for too much does not stop the window", async ({ tinsmith, engine }) => {
  const build = await openSerial(tinsmith, engine);
  build.print("q\x1b[999999999b\x1b[9999999999999Ltc@box:~$ ");
  await expect.poll(() => tinsmith.serialText()).toContain("qtc@box:~$");
});

test("a paste reaches the guest whole, with its line ends as Return", async ({ tinsmith, engine }) => {
  const build = await openSerial(tinsmith, engine);
  const text = Array.from({ length: 3_000 }, (_, number) => `line ${number}\n`).join("");
  await tinsmith.page.evaluate((value) => navigator.clipboard.writeText(value), text);
  await tinsmith.serial.locator(".xterm-screen").click();
  await tinsmith.page.keyboard.press("Control+Shift+V");
  await expect.poll(() => build.typed().length).toBe(text.length);
  expect(build.typed()).toBe(text.replaceAll("\n", "\r"));
});

test("a paste is marked as one where the guest's program wants that", async ({ tinsmith, engine, page }) => {
  const build = await openSerial(tinsmith, engine);
  build.print("\x1b[?2004hedit> ");
  await expect.poll(() => tinsmith.serialText()).toContain("edit>");
  await page.evaluate(() => navigator.clipboard.writeText("one\ntwo"));
  await tinsmith.serial.locator(".xterm-screen").click();
  await page.keyboard.press("Control+Shift+V");
  await expect.poll(() => build.typed()).toBe("\x1b[200~one\rtwo\x1b[201~");
});

test("copying with nothing selected keeps the clipboard", async ({ tinsmith, engine, page }) => {
  const build = await openSerial(tinsmith, engine);
  build.print("a word");
  await expect.poll(() => tinsmith.serialText()).toContain("a word");
  await page.evaluate(() => navigator.clipboard.writeText("kept"));
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  await tinsmith.serial.locator(".xterm-screen").click();
  await page.keyboard.press("Control+Shift+C");
  // The keys come in order: once this is there, the copy was made.
  await page.keyboard.type("x");
  await expect.poll(() => build.typed()).toBe("x");
  expect(await copied()).toBe("kept");
  await tinsmith.serial.locator(".xterm-screen").dblclick({ position: { x: 3, y: 8 } });
  await page.keyboard.press("Control+Shift+C");
  await expect.poll(copied).toBe("a");
});

/** All that a terminal answers by itself. */
const queries = [
  ...["\x1b[c", "\x1b[>c", "\x1b[5n", "\x1b[6n", "\x1b[?6n", "\x1b[4$p", "\x1b[?25$p"],
  ...["\x1bP$qm\x1b\\", "\x1b]4;1;?\x07", "\x1b]10;?\x07", "\x1b]11;?\x07", "\x1b]12;?\x07"],
  // From then on it tells whether it has the focus, which it has.
  "\x1b[?1004h",
];

test("what the guest asked the terminal is answered once, and not again when the page is loaded again", async ({
  tinsmith,
  engine,
  page,
}) => {
  const build = await openSerial(tinsmith, engine);
  await tinsmith.serial.locator(".xterm-screen").click();
  for (const query of queries) {
    const before = build.typed();
    build.print(query);
    await expect.poll(() => build.typed(), JSON.stringify(query)).not.toBe(before);
  }
  build.print("\x1b[?1004lafter");
  const before = build.typed();
  await page.reload();
  await tinsmith.showTab(/^Serial/);
  await expect.poll(() => tinsmith.serialText()).toContain("after");
  await tinsmith.typeIntoSerial("x");
  await expect.poll(() => build.typed()).toBe(`${before}x`);
  build.print("\x1b[5n");
  await expect.poll(() => build.typed()).toBe(`${before}x\x1b[0n`);
});

test("of two windows on a console one answers: the one typed into last", async ({
  tinsmith,
  engine,
  context,
}) => {
  const build = await openSerial(tinsmith, engine);
  const other = new TinsmithPage(await context.newPage());
  await other.open(engine.newLink());
  await other.showTab(/^Serial/);
  for (const [index, one] of [tinsmith, other, tinsmith].entries()) {
    await one.page.bringToFront();
    await one.typeIntoSerial(`${index}`);
    await expect.poll(() => build.typed()).toMatch(new RegExp(`${index}$`));
    const before = build.typed();
    build.print(`\x1b[5nasked ${index}\r\n`);
    for (const each of [tinsmith, other])
      await expect.poll(() => each.serialText()).toContain(`asked ${index}`);
    await expect.poll(() => build.typed()).toBe(`${before}\x1b[0n`);
  }
});

test("a connection that is cut goes on where it broke off", async ({ tinsmith, engine }) => {
  const build = await openSerial(tinsmith, engine);
  build.print("before\r\n");
  await expect.poll(() => tinsmith.serialText()).toContain("before");
  await engine.cutConnections();
  build.print("meanwhile\r\n");
  await expect.poll(() => tinsmith.serialText()).toMatch(/before\s+meanwhile/);
  expect((await tinsmith.serialText()).match(/before/g)).toHaveLength(1);
});

test("an ended session's console stays readable, and can be searched", async ({ tinsmith, engine }) => {
  const build = await openSerial(tinsmith, engine);
  build.print(`first line\r\n${"filler\r\n".repeat(200)}last line\r\n`);
  await build.succeed();
  await tinsmith.page.reload();
  await tinsmith.showTab(/^Serial/);
  await expect(tinsmith.serial).toContainText("Ended: read only");
  await expect.poll(() => tinsmith.serialText()).toContain("last line");
  await tinsmith.serial.getByRole("button", { name: "Search" }).click();
  await tinsmith.page.getByLabel("Search the console").fill("first line");
  await expect.poll(() => tinsmith.serialText()).toContain("first line");
  await tinsmith.page.getByLabel("Search the console").fill("filler");
  await expect(tinsmith.serial.getByRole("status")).toHaveText("1 of 200");
  await tinsmith.page.keyboard.press("Enter");
  await expect(tinsmith.serial.getByRole("status")).toHaveText("2 of 200");
  await tinsmith.page.getByLabel("Search the console").fill("nothing of the kind");
  await expect(tinsmith.serial.getByRole("status")).toHaveText("Not found");
});

test("what is no text does no harm, and none of it is lost", async ({ tinsmith, engine }) => {
  const build = await openSerial(tinsmith, engine);
  const bytes = Uint8Array.from({ length: 200_000 }, (_, index) => (index * 7 + (index >> 8)) % 256);
  build.print(bytes);
  // A reset, since what came before may have changed how anything is shown.
  build.print("\x1bcafter all of it\r\n");
  await expect.poll(() => tinsmith.serialText(), { timeout: 30_000 }).toContain("after all of it");
  expect(await tinsmith.errors.count()).toBe(0);
});

test("a long paste says how much is left, and can be stopped", async ({ tinsmith, engine }) => {
  const build = await openSerial(tinsmith, engine);
  const text = "0123456789".repeat(30_000);
  await tinsmith.page.evaluate((value) => navigator.clipboard.writeText(value), text);
  await tinsmith.serial.locator(".xterm-screen").click();
  await tinsmith.page.keyboard.press("Control+Shift+V");
  await expect(tinsmith.serial).toContainText(/Typing: .+ kB left/);
  await tinsmith.serial.getByRole("button", { name: "Stop" }).click();
  await expect(tinsmith.serial.getByRole("button", { name: "Stop" })).toBeHidden();
  await expect.poll(() => build.typed().length).toBeGreaterThan(0);
  expect(build.typed().length).toBeLessThan(text.length);
});

test("wide letters take two columns, and links can be followed", async ({ tinsmith, engine, context }) => {
  const build = await openSerial(tinsmith, engine);
  const address = "https://linked.example/";
  await context.route(address, (route) => route.fulfill({ body: "a page" }));
  build.print(`\u65e5\u672c\x1b[6n ${address}\r\n`);
  // The guest asks where the cursor is: behind two letters of two columns each.
  await expect.poll(() => build.typed()).toBe("\x1b[1;5R");
  const popup = tinsmith.page.waitForEvent("popup");
  const link = tinsmith.serial.locator(".xterm-rows > div").first();
  const box = await link.boundingBox();
  if (!box) throw new Error("the line is not shown");
  await tinsmith.page.mouse.move(box.x + 100, box.y + box.height / 2);
  await tinsmith.page.mouse.move(box.x + 110, box.y + box.height / 2);
  await tinsmith.page.mouse.click(box.x + 110, box.y + box.height / 2);
  expect((await popup).url()).toBe(address);
});
