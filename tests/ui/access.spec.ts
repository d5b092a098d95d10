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
