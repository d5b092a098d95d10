import type { CDPSession, Page } from "@playwright/test";
import { letTimePass } from "../../let-time-pass.ts";
import { expect, test } from "../fixtures.ts";
import { TinsmithPage } from "../tinsmith-page.ts";

/** The fonts that an element's text is drawn in, and whether the page brought them. */
async function drawnIn(page: Page, selector: string): Promise<readonly string[]> {
  const protocol: CDPSession = await page.context().newCDPSession(page);
  await protocol.send("DOM.enable");
  await protocol.send("CSS.enable");
  const { root } = await protocol.send("DOM.getDocument");
  const { nodeId } = await protocol.send("DOM.querySelector", { nodeId: root.nodeId, selector });
  const { fonts } = await protocol.send("CSS.getPlatformFontsForNode", { nodeId });
  await protocol.detach();
  return fonts.map(({ familyName, isCustomFont }) => `${familyName}${isCustomFont ? "" : " of the system"}`);
}

/** Keeps the fonts back. @returns a function that releases them */
async function holdFonts(page: Page): Promise<() => void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  await page.route("**/*.woff2", async (route) => {
    await promise;
    await route.continue();
  });
  return resolve;
}

/** The width of a terminal's column, in pixels. */
async function columnWidth({ serial }: TinsmithPage, text: string): Promise<number> {
  await expect(serial.locator(".xterm-rows")).toContainText(text);
  const span = serial.locator(".xterm-rows span", { hasText: text });
  return await span.evaluate(
    (element) => element.getBoundingClientRect().width / (element.textContent?.length ?? 1),
  );
}

test("the window brings its fonts, and asks nobody else for anything", async ({ page, engine }) => {
  const asked: URL[] = [];
  page.on("request", (request) => asked.push(new URL(request.url())));
  const tinsmith = new TinsmithPage(page);
  await tinsmith.open(engine.newLink());
  expect(await drawnIn(page, ".set-name strong")).toEqual(["Inter"]);
  await tinsmith.rebuild("worker");
  await tinsmith.showTab(/^Serial/);
  // A frame as an installer draws it.
  engine.started[0]?.print("login -> \u2502\u2588\u2510");
  await expect(tinsmith.serial.locator(".xterm-rows")).toContainText("login");
  expect(await drawnIn(page, ".xterm-rows > div")).toEqual(["Cascadia Mono"]);
  expect(asked.filter(({ host }) => host !== new URL(engine.origin).host).map(String)).toEqual([]);
  expect(asked.filter(({ pathname }) => pathname.endsWith(".woff2"))).toHaveLength(3);
});

test("no text is shown in another font before the window's own have come", async ({ page, engine }) => {
  const letCome = await holdFonts(page);
  await page.addInitScript(() => {
    new MutationObserver((_, observer) => {
      if (!document.querySelector(".frame")) return;
      observer.disconnect();
      const areThere = [...document.fonts].every(({ status }) => status === "loaded");
      document.documentElement.dataset.fontsAtStart = `${document.fonts.size} ${areThere}`;
    }).observe(document, { childList: true, subtree: true });
  });
  // The window would show itself after some seconds, however slow this machine is.
  await page.clock.install({ time: 0 });
  await page.clock.pauseAt(1_000);
  const asked = page.waitForRequest("**/*.woff2");
  // It has loaded when its fonts have.
  await page.goto(engine.newLink(), { waitUntil: "commit" });
  await asked;
  // By then it has all else that it shows.
  await letTimePass(1_000);
  await expect(page.locator("#root")).toBeEmpty();
  letCome();
  await page.clock.resume();
  await new TinsmithPage(page).isUsable();
  await expect(page.locator("html")).toHaveAttribute("data-fonts-at-start", "3 true");
});

test("a window whose fonts don't come shows itself, and its terminals measure their letters when they do", async ({
  page,
  engine,
}) => {
  const letCome = await holdFonts(page);
  const tinsmith = new TinsmithPage(page);
  await page.goto(engine.newLink(), { waitUntil: "commit" });
  await tinsmith.isUsable();
  await tinsmith.rebuild("worker");
  await tinsmith.showTab(/^Serial/);
  engine.started[0]?.print("abcdefghij");
  const before = await columnWidth(tinsmith, "abcdefghij");
  letCome();
  await expect.poll(() => columnWidth(tinsmith, "abcdefghij")).not.toBe(before);
  const after = await columnWidth(tinsmith, "abcdefghij");
  await page.reload();
  await tinsmith.isUsable();
  await tinsmith.showTab(/^Serial/);
  expect(await columnWidth(tinsmith, "abcdefghij")).toBeCloseTo(after, 2);
});
