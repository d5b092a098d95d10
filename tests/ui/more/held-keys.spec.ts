import { expect, test } from "@playwright/test";
import { keysHeld, startKeyReader } from "../guest-keys.ts";
import { embeddedIso, keyboardReady, startGuestScreen } from "../guest-screen.ts";
import { startRealEngine } from "../real-engine.ts";
import { TinsmithPage } from "../tinsmith-page.ts";

/** Linux's codes of these keys. */
const [control, shift] = [29, 42];

// Boots one real virtual machine under emulation. That a page which crashes leaves no key down is QEMU's doing.
test("no key stays down in the guest when a page is loaded again, or crashes", async ({ page }) => {
  test.setTimeout(240_000);
  await using engine = await startRealEngine();
  const iso = await embeddedIso(engine);
  const tinsmith = new TinsmithPage(page);
  await tinsmith.open(engine.address);
  await using guest = await startGuestScreen(tinsmith, { engine, iso });
  const { serial } = guest;
  await keyboardReady(serial);
  await startKeyReader(serial);
  await tinsmith.screenShows();
  await tinsmith.screenCanvas.click();
  await page.keyboard.down("Shift");
  await expect.poll(() => keysHeld(serial)).toEqual([shift]);
  await page.reload();
  await expect.poll(() => keysHeld(serial)).toEqual([]);

  await page.keyboard.up("Shift");
  await tinsmith.screenShows();
  await tinsmith.screenCanvas.click();
  await page.keyboard.down("Control");
  await expect.poll(() => keysHeld(serial)).toEqual([control]);
  const browser = await page.context().newCDPSession(page);
  const crashed = page.waitForEvent("crash");
  void browser.send("Page.crash").catch(() => {});
  await crashed;
  await expect.poll(() => keysHeld(serial)).toEqual([]);
});
