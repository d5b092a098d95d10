import { expect, test } from "./fixtures.ts";

test("without the address that was printed, nothing is served", async ({ engine, playwright, page }) => {
  const stranger = await playwright.request.newContext();
  const { origin } = new URL(engine.address);
  expect((await stranger.get(`${origin}/`)).status()).toBe(403);
  expect((await stranger.get(`${origin}/?token=guessed`)).status()).toBe(403);
  expect((await stranger.get(`${origin}/sessions/x/files/serial.log`)).status()).toBe(403);
  await stranger.dispose();

  await page.goto(engine.address);
  expect(page.url()).toBe(`${origin}/`);
  const response = await page.request.get(`${origin}/`);
  expect(response.headers()["content-security-policy"]).toContain("default-src 'none'");
  const elsewhere = await page.request.get(`${origin}/`, { headers: { Host: "evil.example" } });
  expect(elsewhere.status()).toBe(403);
  expect((await page.request.get(`${origin}/../../package.json`)).status()).toBe(404);
});

test("another page of the same browser can't open a WebSocket to it", async ({
  engine,
  context,
  page,
  tinsmith,
}) => {
  void tinsmith;
  const { host } = new URL(engine.address);
  const other = await context.newPage();
  await other.route("http://localhost:1/", (route) =>
    route.fulfill({ body: "<p>another page</p>", contentType: "text/html" }),
  );
  await other.goto("http://localhost:1/");
  const opened = await other.evaluate(
    (address) =>
      new Promise<boolean>((resolve) => {
        const socket = new WebSocket(address);
        socket.onopen = () => resolve(true);
        socket.onerror = () => resolve(false);
      }),
    `ws://${host}/rpc`,
  );
  expect(opened).toBe(false);
  void page;
});

test("every command has its place in the palette, and works from the keyboard alone", async ({
  tinsmith,
  page,
}) => {
  await page.keyboard.press("Control+k");
  const titles = await tinsmith.dialog.getByRole("option").allTextContents();
  expect(titles.length).toBeGreaterThan(10);
  await page.keyboard.press("Escape");
  await expect(tinsmith.dialog).toBeHidden();
  await tinsmith.command("Dark theme");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.keyboard.press("Control+2");
  await expect(page.getByText("No session yet")).toBeVisible();
});

test("there is a way out of a console by key, and into the next panel", async ({
  tinsmith,
  engine,
  page,
}) => {
  const build = await engine.begin("Worker image microcore", "/a");
  await tinsmith.command("Sessions");
  await page.getByRole("button", { name: /^Running/ }).click();
  await tinsmith.showTab(/^Serial/);
  await tinsmith.typeIntoSerial("\t");
  await expect.poll(() => build.typed()).toBe("\t");
  await page.keyboard.press("Control+Shift+P");
  await expect(tinsmith.dialog).toBeVisible();
  await page.keyboard.type("Send a break");
  await expect(tinsmith.dialog.getByRole("option", { name: "Send a break" })).toBeVisible();
  await page.keyboard.press("Escape");
  await tinsmith.serial.locator(".xterm-screen").click();
  await page.keyboard.press("F6");
  await expect(tinsmith.serial.locator(":focus")).toHaveCount(0);
  await page.keyboard.press("Shift+F6");
  await expect(tinsmith.serial.locator(".xterm-helper-textarea")).toBeFocused();
  expect(build.typed()).toBe("\t");
});

test("the keyboard's focus can be seen wherever it is", async ({ tinsmith, page }) => {
  void tinsmith;
  const seen = new Set<string>();
  for (let presses = 0; presses < 25; presses += 1) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return undefined;
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
      const name = element.getAttribute("aria-label") ?? element.textContent ?? "";
      const isVisible = (outlineStyle !== "none" && outlineWidth !== "0px") || boxShadow !== "none";
      return { name, isVisible };
    });
    if (!focused) continue;
    seen.add(focused.name);
    expect(focused, focused.name).toMatchObject({ isVisible: true });
  }
  expect(seen.size).toBeGreaterThan(10);
});

test.describe("who wants no motion", () => {
  test.use({ contextOptions: { reducedMotion: "reduce" } });

  test("gets none", async ({ tinsmith, engine, page }) => {
    await tinsmith.rebuild("worker");
    await expect(tinsmith.build.getByRole("button", { name: "Cancel" })).toBeVisible();
    engine.started.at(-1)?.start("boot");
    await expect(tinsmith.build.getByText("Boot")).toBeVisible();
    await expect
      .poll(() =>
        page.evaluate(() => document.getAnimations().map((one) => one.effect?.getTiming().duration)),
      )
      .toEqual([]);
  });
});
