import { expect, type Locator } from "@playwright/test";
import type { TinsmithPage } from "./tinsmith-page.ts";

/** Two sessions beside each other, as a person sees them. */
export class ComparisonPage {
  readonly view: Locator;
  /** The rows that are drawn: pairs of exchanges, and folds. */
  readonly rows: Locator;
  readonly chosen: Locator;
  /** The bodies of the chosen exchanges. */
  readonly detail: Locator;
  /** The result in words. */
  readonly result: Locator;

  constructor({ page }: TinsmithPage) {
    this.view = page.getByRole("region", { name: "Comparison" });
    this.rows = this.view.getByRole("option");
    this.chosen = this.view.getByRole("option", { selected: true });
    this.detail = this.view.getByRole("article", { name: "The chosen exchanges" });
    this.result = this.view.getByRole("status");
  }

  /** Compares a session of the list with another one, by its menu. @param other a text of the other one */
  static async open(tinsmith: TinsmithPage, session: string, other: string): Promise<ComparisonPage> {
    const { page } = tinsmith;
    await tinsmith.showTab("Sessions");
    const row = page.locator(".session", { hasText: session }).first();
    await row.getByRole("button", { name: /^More for/ }).click();
    await page.getByRole("menuitem", { name: "Compare with…" }).click();
    await page.getByRole("option").filter({ hasText: other }).first().click();
    const comparison = new ComparisonPage(tinsmith);
    await expect(comparison.view.getByRole("listbox")).toBeFocused();
    return comparison;
  }

  button(name: string): Locator {
    return this.view.getByRole("button", { name, exact: true });
  }

  /** The bodies of both requests or of both responses, or their headers. */
  bodies(part: "Request" | "Response" | "Response headers"): Locator {
    return this.detail.getByRole("region", { name: part, exact: true });
  }
}
