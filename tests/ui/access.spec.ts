import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { openWindow } from "../../cli/serve/open-window.ts";
import { fetchFromLoopback } from "../fetch-from-loopback.ts";
import { expect, test } from "./fixtures.ts";
import { startOtherSite } from "./other-site.ts";
import { attackOn, pageAttacks } from "./page-attacks.ts";
import { plantPages } from "./planted-pages.ts";
import { startScriptedEngine } from "./scripted-engine.ts";
import { TinsmithPage } from "./tinsmith-page.ts";

const secretIn = (page: Page) => page.evaluate(() => sessionStorage.getItem("tinsmith.secret"));
const refusal = (page: Page) => page.getByRole("heading", { name: "Open a new link" });

test("a link opens one window, which can be loaded again and duplicated; nothing of it stays in the address", async ({
  engine,
  page,
  context,
}) => {
  const link = engine.newLink();
  const tinsmith = new TinsmithPage(page);
  await tinsmith.open(link);
  expect(page.url()).toBe(`${engine.origin}/`);
  await page.reload();
  await tinsmith.isUsable();

  const [duplicate] = await Promise.all([context.waitForEvent("page"), page.evaluate(() => void open("/"))]);
  await new TinsmithPage(duplicate).isUsable();

  const other = await context.newPage();
  await other.goto(link);
  await expect(refusal(other)).toBeVisible();
  await expect(other.getByText("tinsmith serve --link")).toBeVisible();
  // As it is when the person pastes a new link into the same tab.
  await other.goto(engine.newLink());
  await new TinsmithPage(other).isUsable();
  expect(await context.cookies()).toEqual([]);
});

test("a page of this server's without a link shows nothing but the way to a link", async ({
  engine,
  page,
}) => {
  await page.goto(engine.origin);
  await expect(refusal(page)).toBeVisible();
  const response = await fetchFromLoopback(engine.origin);
  expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
  const elsewhere = await fetchFromLoopback(engine.origin, { headers: { Host: "evil.example" } });
  expect(elsewhere.status).toBe(421);
  expect((await fetchFromLoopback(`${engine.origin}/../../package.json`)).status).toBe(404);
});

test("a file of the user's own opens the window, and is gone afterwards", async ({ engine, page }) => {
  const bin = join(engine.paths.cache, "bin");
  const file = await withOpener(bin, () => openWindow(engine.paths, engine, failOnError));
  expect(statSync(new URL(file)).mode & 0o777).toBe(0o600);
  expect(readFileSync(new URL(file), "utf8")).toContain("token");
  await page.goto(file);
  const tinsmith = new TinsmithPage(page);
  await tinsmith.isUsable();
  expect(page.url()).toBe(`${engine.origin}/`);
  await expect.poll(() => statSync(new URL(file), { throwIfNoEntry: false })).toBeUndefined();
  await page.reload();
  await tinsmith.isUsable();
});

function failOnError(error: unknown): never {
  throw error;
}

/** Opens a window with an `xdg-open` that does nothing. @returns the address that it was to open */
async function withOpener(bin: string, open: () => Disposable): Promise<string> {
  const { PATH = "" } = process.env;
  mkdirSync(bin, { recursive: true });
  const opened = join(bin, "opened");
  writeFileSync(join(bin, "xdg-open"), `#!/bin/sh\nprintf %s "$*" >${opened}\n`, { mode: 0o755 });
  process.env.PATH = `${bin}:${PATH}`;
  try {
    open();
    await expect.poll(() => existsSync(opened) && readFileSync(opened, "utf8")).toContain("file://");
    return readFileSync(opened, "utf8");
  } finally {
    process.env.PATH = PATH;
  }
}

test("a page on another port gets no secret, opens no WebSocket and reads no file, be it redirected or not", async ({
  tinsmith,
  engine,
  context,
  page,
}) => {
  await using site = await startOtherSite();
  const run = await engine.beginRun();
  run.log("a log that is nobody else's");
  const session = `/sessions/${run.session.id}`;
  const secret = await secretIn(page);
  expect(secret).toMatch(/^[\w-]{32}$/);
  const other = await context.newPage();
  const filesRead: number[] = [];
  other.on("response", (response) => {
    if (response.url().includes("/files/")) filesRead.push(response.status());
  });
  await other.goto(site.address);
  for (const attack of Object.keys(pageAttacks) as (keyof typeof pageAttacks)[])
    await test.step(`by ${attack}`, async () => {
      for (const path of ["/rpc", "/access", `${session}/rpc`, `${session}/files/task.log`])
        for (const url of [`${engine.origin}${path}`, site.redirectTo(`${engine.origin}${path}`)])
          expect(await other.evaluate(attackOn(url, attack))).not.toBe("open");
    });
  expect(new Set(filesRead)).toEqual(new Set([404, 405]));
  expect(await secretIn(other)).toBeNull();
  expect(site.cookies.join("")).not.toContain(secret);
  await page.reload();
  await tinsmith.isUsable();
});

test("servers on other ports can't lock the window out with their cookies", async ({
  engine,
  page,
  context,
}) => {
  await using site = await startOtherSite();
  const large = Array.from({ length: 60 }, (_, number) => `c${number}=${"x".repeat(4_000)}; Path=/`);
  const sameName = ["tinsmith", `tinsmith-${engine.port}`, "tinsmith.secret"].map(
    (name) => `${name}=x; Path=/; HttpOnly`,
  );
  site.replyWith({ "Set-Cookie": [...large, ...sameName] });
  const other = await context.newPage();
  await other.goto(site.address);
  const ofLocalhost = [...large, ...sameName].map((cookie) => `${cookie}; Domain=localhost`);
  site.replyWith({ "Set-Cookie": ofLocalhost });
  await other.goto(site.address.replace("127.0.0.1", "localhost"));
  for (const domain of ["127.0.0.1", "localhost"])
    expect((await context.cookies(`http://${domain}`)).length, domain).toBeGreaterThan(50);
  const tinsmith = new TinsmithPage(page);
  await tinsmith.open(engine.newLink());
  expect(await context.cookies(engine.origin)).toEqual([]);
  await page.reload();
  await tinsmith.isUsable();
});

test("a window whose server has ended gives nothing to the next one at its port", async ({
  engine,
  page,
  tinsmith,
}) => {
  void tinsmith;
  const { port } = engine;
  await engine.endServer();
  await expect(page.getByText("The connection to Tinsmith is lost")).toBeVisible();
  const upgrades: string[] = [];
  const stranger = createServer((_request, response) => response.end("a proof?"));
  stranger.on("upgrade", ({ headers }, stream) => {
    upgrades.push(JSON.stringify(headers));
    stream.destroy();
  });
  stranger.listen(port, "127.0.0.1");
  await expect(page.getByText("another program uses its address now")).toBeVisible();
  expect(upgrades).toEqual([]);
  stranger.close();
  stranger.closeAllConnections();
});

test("a window whose server was started again on its port says that another tinsmith serve is there", async ({
  engine,
  page,
  tinsmith,
}) => {
  void tinsmith;
  await engine.endServer();
  await expect(page.getByText("The connection to Tinsmith is lost")).toBeVisible();
  await using _restarted = await startScriptedEngine(undefined, engine.port);
  await expect(page.getByText("another tinsmith serve uses its address now")).toBeVisible();
});

test("a server that had the port before gets nothing by the pages that it left in the browser", async ({
  context,
  page,
}) => {
  const port = await plantPages(context);
  await using engine = await startScriptedEngine(undefined, port);
  const bin = join(engine.paths.cache, "bin");
  for (const host of ["127.0.0.1", "localhost"]) {
    await page.goto(`http://${host}:${port}/`);
    await expect(page.getByText("by a service worker"), host).toBeVisible();
    await page.goto(`http://${host}:${port}/cached/page`);
    await expect(page.getByText("kept in the cache"), host).toBeVisible();
  }
  const tinsmith = new TinsmithPage(page);
  await tinsmith.open(engine.newLink());
  await page.goto(await withOpener(bin, () => openWindow(engine.paths, engine, failOnError)));
  await tinsmith.isUsable();
  expect(page.url()).toBe(`${engine.origin}/`);
});

test("a browser that looks ahead does not spend a link", async ({ engine, page }) => {
  const link = engine.newLink();
  await fetchFromLoopback(link);
  await fetchFromLoopback(link, { method: "HEAD" });
  await new TinsmithPage(page).open(link);
});
