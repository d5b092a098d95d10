import type { Page } from "@playwright/test";

/** Lets each panel that shows a time of day fail while it is drawn. */
export async function plantError(page: Page): Promise<{ restore(): Promise<void> }> {
  await page.evaluate(() => {
    const { toLocaleTimeString } = Date.prototype;
    Object.assign(window, { toLocaleTimeString });
    Date.prototype.toLocaleTimeString = () => {
      throw new Error("planted");
    };
  });
  const restore = () =>
    page.evaluate(() => {
      const { toLocaleTimeString } = window as unknown as Pick<Date, "toLocaleTimeString">;
      Date.prototype.toLocaleTimeString = toLocaleTimeString;
    });
  return { restore };
}
