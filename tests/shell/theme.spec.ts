import { expect, test } from "./fixtures.ts";

const themes = [
  { command: "Dark theme", name: "dark" },
  { command: "Light theme", name: "light" },
  { command: "Theme: same as the system", name: "system" },
  { command: "Dark theme", name: "dark" },
];

test("the window's ground, and what the system draws, have the theme of the page", async ({
  shell,
  tinsmith,
}) => {
  const { page } = tinsmith;
  // Playwright lets a page believe in a light system.
  await page.emulateMedia({ colorScheme: null });
  const pageGround = () =>
    page.evaluate(() => {
      const parts = getComputedStyle(document.body).backgroundColor.match(/\d+/g) ?? [];
      return `#${parts.map((part) => Number(part).toString(16).padStart(2, "0")).join("")}`;
    });
  const native = () =>
    shell.evaluate(({ BrowserWindow, nativeTheme }) => ({
      theme: nativeTheme.themeSource,
      isDark: nativeTheme.shouldUseDarkColors,
      ground: BrowserWindow.getAllWindows()[0]?.getBackgroundColor().toLowerCase(),
    }));
  const isDark = () => page.evaluate(() => matchMedia("(prefers-color-scheme: dark)").matches);
  const grounds = new Set<string>();
  for (const { command, name } of themes) {
    await tinsmith.command(command);
    await expect.poll(async () => (await native()).theme).toBe(name);
    await expect.poll(async () => (await native()).isDark === (await isDark())).toBe(true);
    await expect.poll(async () => (await native()).ground === (await pageGround())).toBe(true);
    grounds.add(await pageGround());
  }
  expect(grounds.size).toBe(2);
});
