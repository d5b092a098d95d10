import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { attach } from "../../../core/session/client/attach.ts";
import { keyboardReady, openGuestConsole, typeAtScreen } from "../guest-screen.ts";
import { startRealEngine } from "../real-engine.ts";
import { TinsmithPage } from "../tinsmith-page.ts";

// Boots real virtual machines under emulation: what a person does who installs a setup image.
test("a setup image is installed by hand, rebooted in between and packaged; a worker image is built from it", async ({
  page,
}) => {
  test.setTimeout(300_000);
  await using engine = await startRealEngine();
  const tinsmith = new TinsmithPage(page);
  await tinsmith.open(engine.address);
  await tinsmith.command("Install the setup image by hand");
  await tinsmith.dialog.getByRole("button", { name: "Install setup image" }).click();

  const seen = (text: string | RegExp) =>
    expect.poll(() => tinsmith.serialText(), { timeout: 120_000 }).toMatch(text);
  const type = async (line: string) => {
    await tinsmith.typeIntoSerial(`clear; ${line}; echo $((6*7))done\r`);
    await seen("42done");
  };
  await tinsmith.screenShows();
  // Installed at the screen, by key; the rest is typed into the serial console, as text.
  await tinsmith.showTab("Screen");
  {
    using attached = await attach(engine.paths);
    using serial = openGuestConsole(engine.paths, attached.description.id);
    await keyboardReady(serial);
    await typeAtScreen(tinsmith, serial, "tc-install.sh /dev/vda && touch /tmp/installed");
  }
  await tinsmith.showTab("Serial");
  await type("until [ -e /tmp/installed ]; do sleep 0.2; done");
  await tinsmith.typeIntoSerial("clear; sudo reboot\r");
  await seen(/microcore: [\s\S]*tc@box/);
  // Closing the window loses nothing.
  await page.goto("about:blank");
  await tinsmith.open(engine.address);
  await tinsmith.showTab("Serial");
  for (const line of [
    "until sudo head -c 0 /dev/sr0 && sudo mount /dev/sr0",
    "do sleep 0.2; done 2>/dev/null",
    "sh /mnt/sr0/setup.sh",
  ])
    await type(`echo '${line}' >>.X.d/setup.sh`);
  await type("filetool.sh -b");
  await tinsmith.typeIntoSerial("sudo poweroff\r");

  await tinsmith.showLog();
  const question = tinsmith.build.getByRole("region", { name: "Package the disk?" });
  await question.getByRole("button", { name: "Package disk" }).click({ timeout: 60_000 });
  await expect(tinsmith.build.getByRole("region", { name: "Result" })).toBeVisible({ timeout: 60_000 });
  expect(existsSync(join(engine.imageSet, "microcore-setup.tar.lz4"))).toBe(true);

  await tinsmith.rebuild("worker");
  await expect(tinsmith.slot("microcore", "Worker image")).toContainText("Up to date", { timeout: 120_000 });
  expect(existsSync(join(engine.imageSet, "microcore-worker.tar.lz4"))).toBe(true);
});
