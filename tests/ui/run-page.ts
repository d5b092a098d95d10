import { expect, type Locator } from "@playwright/test";
import type { TinsmithPage } from "./tinsmith-page.ts";

/** The panels of a run as a person sees them. */
export class RunPage {
  readonly tinsmith: TinsmithPage;
  readonly run: Locator;
  /** The task's log. */
  readonly log: Locator;
  readonly exchanges: Locator;
  /** The rows of the action log that are drawn. */
  readonly rows: Locator;
  readonly files: Locator;
  readonly downloads: Locator;
  readonly shells: Locator;
  readonly newShell: Locator;

  constructor(tinsmith: TinsmithPage) {
    const { page } = tinsmith;
    this.tinsmith = tinsmith;
    this.run = page.locator(".run");
    this.log = page.getByRole("log");
    this.exchanges = page.locator(".exchanges");
    this.rows = this.exchanges.locator(".exchange");
    this.files = page.getByRole("region", { name: "Guest files" });
    this.downloads = page.getByRole("list", { name: "Downloads" }).getByRole("listitem");
    this.shells = page.getByRole("region", { name: "Shell", exact: true });
    this.newShell = page.getByRole("button", { name: "New shell" });
  }

  /** Opens a session by the list of them. */
  static async open(tinsmith: TinsmithPage, title: string | RegExp): Promise<RunPage> {
    await tinsmith.showTab("Sessions");
    await tinsmith.page.locator(".session", { hasText: title }).first().click();
    const page = new RunPage(tinsmith);
    await expect(page.run).toBeVisible();
    return page;
  }

  button(name: string): Locator {
    return this.run.getByRole("button", { name });
  }

  /** Asks for a folder's files. */
  async list(folder: string): Promise<void> {
    if (!(await this.files.isVisible())) await this.tinsmith.showTab(/^Files$/);
    await this.files.getByLabel("Folder in the guest").fill(folder);
    await this.files.getByRole("button", { name: "List" }).click();
  }

  file(name: string | RegExp): Locator {
    return this.files.getByRole("treeitem").filter({ hasText: name });
  }

  /** Copies a listed file to the host. */
  async download(name: string | RegExp, target: string): Promise<void> {
    await this.file(name).getByRole("button").click();
    const { dialog } = this.tinsmith;
    await expect(dialog.getByLabel("Save as")).not.toHaveValue("");
    await dialog.getByLabel("Save as").fill(target);
    await dialog.getByRole("button", { name: "Download" }).click();
  }

  /** Opens a shell, and gives its panel, which is in front. */
  async openShell(): Promise<Locator> {
    const before = await this.tinsmith.tabs(/^Shell \d+$/).count();
    await this.newShell.click();
    await expect(this.tinsmith.tabs(/^Shell \d+$/)).toHaveCount(before + 1);
    const shell = this.shells.last();
    await expect(shell.getByRole("status").first()).toHaveText("Open", { timeout: 30_000 });
    return shell;
  }

  /** The text in a shell's terminal. */
  async shellText(shell: Locator): Promise<string> {
    return (await shell.locator(".xterm-rows > div").allTextContents()).join("\n");
  }

  /** Types into the filter of the action log. */
  async filter(text: string): Promise<void> {
    await this.exchanges.getByRole("combobox", { name: "Filter" }).fill(text);
  }

  /** Shows one exchange in full. */
  async select(row: Locator): Promise<Locator> {
    await row.click();
    return this.exchanges.getByRole("article");
  }
}
