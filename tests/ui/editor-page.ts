import type { Locator, Page } from "@playwright/test";
import { expect } from "./fixtures.ts";
import type { TinsmithPage } from "./tinsmith-page.ts";

/** The editor of one file as a person sees it. */
export class EditorPage {
  readonly page: Page;
  readonly name: string;
  readonly section: Locator;
  /** The editor of the text. */
  readonly code: Locator;
  readonly form: Locator;
  readonly issues: Locator;
  readonly commandLine: Locator;
  readonly tab: Locator;
  /** Marks the tab while there is something to save. */
  readonly unsavedMark: Locator;

  constructor(page: Page, name: string) {
    this.page = page;
    this.name = name;
    this.section = page.getByRole("region", { name: `Editor of ${name}` });
    this.code = this.section.getByRole("textbox", { name, exact: true });
    this.form = this.section.getByRole("form", { name: "Form" });
    this.issues = this.section.getByRole("region", { name: "Issues" }).getByRole("button");
    this.commandLine = this.section.getByRole("region", { name: "QEMU command" });
    this.tab = page.locator(".dv-tab", { hasText: name });
    this.unsavedMark = this.tab.getByRole("img", { name: "Not saved" });
  }

  /** Opens a file from its image set in the library. */
  static async open(tinsmith: TinsmithPage, set: string, name: string): Promise<EditorPage> {
    const { page, library } = tinsmith;
    const item = library.locator("li.set", { has: page.locator("strong", { hasText: set }) });
    await item.getByRole("button", { name, exact: true }).click();
    const editor = new EditorPage(page, name);
    await expect(editor.code).toBeVisible();
    return editor;
  }

  /** All of the text, as long as it is shown whole. */
  async text(): Promise<string> {
    const lines = await this.code.locator(".cm-line").allInnerTexts();
    return lines.map((line) => line.replace(/\n$/, "")).join("\n");
  }

  /** Writes in place of all that is there; as one who pastes it. */
  async write(text: string): Promise<void> {
    await this.code.focus();
    await this.page.keyboard.press("Control+a");
    await this.page.keyboard.insertText(text);
  }

  /** Puts the cursor behind a part of the text. */
  async cursorAfter(part: string): Promise<void> {
    const line = this.code.locator(".cm-line", { hasText: part }).first();
    await line.click();
    await this.page.keyboard.press("Home");
    const text = (await line.textContent()) ?? "";
    const lead = text.search(/\S/);
    const end = text.indexOf(part) + part.length;
    for (let moved = lead; moved < end; moved += 1) await this.page.keyboard.press("ArrowRight");
  }

  button(name: string): Locator {
    return this.section.getByRole("button", { name, exact: true });
  }

  async save(): Promise<void> {
    await this.page.keyboard.press("Control+s");
    await expect(this.unsavedMark).toBeHidden();
  }
}
