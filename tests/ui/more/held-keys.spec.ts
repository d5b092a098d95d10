import { expect, test } from "@playwright/test";
import { startRealEngine } from "../real-engine.ts";
import { keysDown, keysHeld, startScanCodeGuest } from "../scan-code-guest.ts";
import { TinsmithPage } from "../tinsmith-page.ts";

/** Scan codes of keys. */
const [control, shift, f6] = [0x1d, 0x2a, 0x40];

// Boots a real virtual machine, whose guest is a boot sector. That a page which crashes leaves no key down is QEMU's doing.
test("no key stays down in the guest, however the screen is left", async ({ page }) => {
  test.setTimeout(120_000);
  await using engine = await startRealEngine();
  const tinsmith = new TinsmithPage(page);
  await tinsmith.open(engine.address);
  await using guest = await startScanCodeGuest(tinsmith, { engine });
  const { serial } = guest;
  const { keyboard } = page;
  /** Holds a key in the screen, and leaves the screen. */
  const leave = async (how: string, key: "Shift" | "Control", act: () => Promise<unknown>) =>
    await test.step(how, async () => {
      await tinsmith.screenShows();
      await tinsmith.screenCanvas.click();
      await keyboard.down(key);
      await expect.poll(() => keysHeld(serial)).toEqual([key === "Shift" ? shift : control]);
      await act();
      await expect.poll(() => keysHeld(serial)).toEqual([]);
    });

  await leave("by Ctrl+Alt", "Control", async () => {
    await keyboard.down("Alt");
    await keyboard.up("Alt");
    await expect(tinsmith.screen.getByRole("button", { name: "Power" })).toBeFocused();
  });
  await keyboard.up("Control");

  await test.step("F6 is the guest's while the screen has the keyboard, and then goes to the next panel", async () => {
    await tinsmith.screenCanvas.click();
    await keyboard.down("F6");
    await expect.poll(() => keysDown(serial).at(-1)).toBe(f6);
    await expect.poll(() => keysHeld(serial)).toEqual([]);
    await keyboard.up("F6");
    const before = keysDown(serial).length;
    await keyboard.press("Control+Alt");
    await keyboard.press("F6");
    await expect(tinsmith.screen.locator(":focus")).toHaveCount(0);
    await expect.poll(() => keysHeld(serial)).toEqual([]);
    expect(keysDown(serial).slice(before)).not.toContain(f6);
  });

  await leave("for a dialog", "Shift", async () => {
    await tinsmith.screen.getByRole("button", { name: "Power" }).dispatchEvent("pointerdown", { button: 0 });
    await page.getByRole("menuitem", { name: "Reset…" }).dispatchEvent("click");
    await expect(tinsmith.dialog).toBeVisible();
  });
  await keyboard.up("Shift");
  await keyboard.press("Escape");

  await leave("for another panel", "Shift", () => tinsmith.showTab(/^Serial/));
  await keyboard.up("Shift");
  await tinsmith.showTab(/^Screen/);

  await leave("by a reload", "Shift", () => page.reload());
  await keyboard.up("Shift");

  await leave("by a crash of the page", "Control", async () => {
    const browser = await page.context().newCDPSession(page);
    const crashed = page.waitForEvent("crash");
    void browser.send("Page.crash").catch(() => {});
    await crashed;
  });
});
