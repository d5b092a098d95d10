import type { Page } from "@playwright/test";

/** Ids that more than one element has: what refers to one by them, such as a label, finds the wrong one. */
export async function doubleIds(page: Page): Promise<readonly string[]> {
  return await page.evaluate(() => {
    const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
    return ids.filter((id, index) => ids.indexOf(id) !== index);
  });
}
