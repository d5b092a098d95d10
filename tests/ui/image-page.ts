import { expect, type Locator } from "@playwright/test";
import type { TinsmithPage } from "./tinsmith-page.ts";

/** The files in an image, as a person sees them. */
export class ImagePage {
  readonly view: Locator;
  readonly tree: Locator;
  readonly chosen: Locator;
  /** The chosen entry: its metadata and content. */
  readonly detail: Locator;
  readonly manifest: Locator;
  readonly parts: Locator;
  readonly search: Locator;
  /** The files that a search has found. */
  readonly found: Locator;
  readonly foundCount: Locator;

  constructor({ page }: TinsmithPage) {
    this.view = page.getByRole("region", { name: "Image", exact: true });
    this.tree = this.view.getByRole("treegrid");
    this.chosen = this.tree.getByRole("row", { selected: true });
    this.detail = this.view.getByRole("article", { name: "The chosen entry" });
    this.manifest = this.view.getByRole("article", { name: "Manifest" });
    this.parts = this.view.getByRole("list", { name: "Partitions" });
    this.search = this.view.getByRole("searchbox");
    this.found = this.view.getByRole("listbox", { name: "Found files" }).getByRole("option");
    this.foundCount = this.view.getByRole("region", { name: "Search results" }).getByRole("status");
  }

  /** Looks inside the worker image of a set, by its menu. */
  static async open(tinsmith: TinsmithPage, set = "microcore"): Promise<ImagePage> {
    await tinsmith
      .slot(set, "Worker image")
      .getByRole("button", { name: /^More for/ })
      .click();
    await tinsmith.page.getByRole("menuitem", { name: "Look inside" }).click();
    const image = new ImagePage(tinsmith);
    await expect(image.view).toBeVisible();
    return image;
  }

  /** The row of an entry, or of a sentence about a folder. */
  row(name: string | RegExp): Locator {
    return this.tree.getByRole("row", { name });
  }

  button(name: string | RegExp): Locator {
    return this.view.getByRole("button", { name });
  }
}
