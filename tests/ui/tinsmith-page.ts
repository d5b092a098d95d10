import { expect, type Locator, type Page } from "@playwright/test";

/** Tinsmith's window as a person sees it. */
export class TinsmithPage {
  readonly page: Page;
  readonly toolbar: Locator;
  readonly library: Locator;
  readonly build: Locator;
  readonly serial: Locator;
  /** The terminal in which a build shows the output of the host's own commands. */
  readonly hostTerminal: Locator;
  readonly screen: Locator;
  /** The guest's picture. */
  readonly screenCanvas: Locator;
  readonly dialog: Locator;
  /** Messages in the corner. */
  readonly notices: Locator;
  /** Those about what went wrong. */
  readonly errors: Locator;

  constructor(page: Page) {
    this.page = page;
    this.toolbar = page.getByRole("banner").first();
    this.library = page.locator(".library");
    this.build = page.locator(".build");
    this.serial = page.getByRole("region", { name: "Serial console" });
    this.hostTerminal = page.getByRole("region", { name: "Commands on this host" });
    this.screen = page.getByRole("region", { name: "The guest's screen" });
    this.screenCanvas = this.screen.locator("canvas");
    this.dialog = page.getByRole("dialog").or(page.getByRole("alertdialog"));
    this.notices = page.locator(".toast");
    this.errors = page.locator(".toast-error");
  }

  /** Opens the window at the address that the server gave, and waits until it can be used. */
  async open(address: string): Promise<void> {
    await this.page.goto(address);
    await this.isUsable();
  }

  /** Waits until the window can be used. */
  async isUsable(): Promise<void> {
    await this.page
      .getByText("Image sets", { exact: true })
      .or(this.page.getByText("No image set yet"))
      .waitFor();
  }

  /** The row of one of a set's two images in the library. */
  slot(set: string, image: "Setup image" | "Worker image"): Locator {
    const item = this.library.locator("li.set", { has: this.page.locator("strong", { hasText: set }) });
    // Its text begins with its name; "Stale: setup image changed" is of the other one.
    return item.locator(".slot", { hasText: new RegExp(`^${image}`) });
  }

  async rebuild(image: "setup" | "worker"): Promise<void> {
    await this.toolbar.getByRole("button", { name: `Rebuild ${image}` }).click();
  }

  /** The tabs that are shown: those of the window, and those in the session's tab that is in front. */
  tabs(name: string | RegExp): Locator {
    return this.page.locator(".dv-tab", { hasText: name });
  }

  /** Opens the menu of a tab, and chooses from it. */
  async chooseOnTab(name: string | RegExp, item: string): Promise<void> {
    await this.tabs(name).first().click({ button: "right" });
    await this.page.getByRole("menuitem", { name: item, exact: true }).click();
  }

  /** @param session whose part it is, when its tab is not in front */
  async showTab(name: string | RegExp, session?: string): Promise<void> {
    if (session) await this.tabs(session).first().click();
    const tab = session ? this.page.getByTitle(`${name}: ${session}`) : this.tabs(name);
    await tab.first().click();
  }

  /** Shows how the session in front goes. */
  async showLog(): Promise<void> {
    await this.showTab(/^Log$/);
  }

  /** All that the serial console shows, without what is out of sight. */
  async serialText(): Promise<string> {
    const rows = await this.serial.locator(".xterm-rows > div").allTextContents();
    return rows.join("\n");
  }

  async typeIntoSerial(text: string): Promise<void> {
    await this.serial.locator(".xterm-screen").click();
    await this.page.keyboard.type(text);
  }

  /** Waits until the screen shows something that is not all of one colour. A real guest's ISO may have to be made first. */
  async screenShows(): Promise<void> {
    await expect.poll(() => this.screenColours(), { timeout: 60_000 }).toBeGreaterThan(1);
  }

  /** How many colours the screen shows: an empty one has one. */
  async screenColours(): Promise<number> {
    if ((await this.screenCanvas.count()) === 0) return 0;
    return await this.screenCanvas.evaluate((canvas: HTMLCanvasElement) => {
      const { width, height } = canvas;
      if (width === 0 || height === 0) return 0;
      const pixels = canvas.getContext("2d")?.getImageData(0, 0, width, height).data.buffer;
      return new Set(new Uint32Array(pixels ?? new ArrayBuffer(0))).size;
    });
  }

  /** The picture of the screen, to compare it with a later one. */
  async screenPicture(): Promise<string> {
    return await this.screenCanvas.evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
  }

  /** Chooses an item of one of the screen's menus. */
  async chooseOnScreen(menu: "Power" | "Checkpoints" | "CD" | "Keys", item: string): Promise<void> {
    await this.screen.getByRole("button", { name: menu, exact: true }).click();
    await this.page.getByRole("menuitem", { name: item, exact: true }).click();
  }

  /** Runs a command by its name in the palette. */
  async command(name: string): Promise<void> {
    await this.page.keyboard.press("Control+k");
    await this.page.keyboard.type(name);
    await this.page.keyboard.press("Enter");
  }

  /** Types into the host's commands, as one of them asks for it. */
  async typeOnHost(text: string): Promise<void> {
    await this.hostTerminal.getByRole("button", { name: "Type" }).click();
    await expect(this.hostTerminal.getByRole("textbox")).toBeFocused();
    await this.page.keyboard.type(text);
  }
}
