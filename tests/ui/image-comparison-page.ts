import { expect, type Locator } from "@playwright/test";
import { ImagePage } from "./image-page.ts";
import type { TinsmithPage } from "./tinsmith-page.ts";

/** The files that differ between two images, as a person sees them. */
export class ImageComparisonPage {
  readonly view: Locator;
  readonly rows: Locator;
  /** The chosen difference. */
  readonly detail: Locator;
  /** The result in words. */
  readonly result: Locator;

  constructor({ page }: TinsmithPage) {
    this.view = page.getByRole("region", { name: "Comparison of images" });
    this.rows = this.view.getByRole("treeitem");
    this.detail = this.view.getByRole("article", { name: "The chosen difference" });
    this.result = this.view.getByRole("status");
  }

  /** Compares the worker image of microcore with that of tinycore, from its panel. */
  static async open(tinsmith: TinsmithPage): Promise<ImageComparisonPage> {
    const image = await ImagePage.open(tinsmith);
    await image.button("Compare with…").click();
    await tinsmith.page.getByRole("option").filter({ hasText: "Worker image of tinycore" }).click();
    const comparison = new ImageComparisonPage(tinsmith);
    await expect(comparison.view).toBeVisible();
    return comparison;
  }

  row(name: string): Locator {
    return this.rows.filter({ hasText: name });
  }

  button(name: string | RegExp): Locator {
    return this.view.getByRole("button", { name });
  }
}
