import type { Page } from "@playwright/test";

/** Waits until two frames have been drawn: panels that open, and dialogs that close, move the focus with the next one. */
export async function drawn(page: Page): Promise<void> {
  await page.evaluate(
    () => new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))),
  );
}
