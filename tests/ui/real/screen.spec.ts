import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { dropFiles } from "../drop-files.ts";
import { embeddedIso, keyboardReady, startGuestScreen, typeAtScreen, typingPace } from "../guest-screen.ts";
import { startRealEngine } from "../real-engine.ts";
import { TinsmithPage } from "../tinsmith-page.ts";

// Boots one real virtual machine under emulation, from the embedded guest OS's ISO.
test("a guest is worked in at its screen: keys, clipboard, consoles, CDs, pause, reset, power", async ({
  page,
}) => {
  test.setTimeout(240_000);
  await using engine = await startRealEngine();
  const iso = await embeddedIso(engine);
  const tinsmith = new TinsmithPage(page);
  await tinsmith.open(engine.address);
  await using guest = await startGuestScreen(tinsmith, { engine, iso });
  const { serial } = guest;
  const type = (line: string) => typeAtScreen(tinsmith, serial, line);
  await keyboardReady(serial);
  await tinsmith.screenShows();

  await test.step("what is typed into the screen is typed on the guest's first console", async () => {
    const before = await tinsmith.screenPicture();
    await type("echo Typed-$((6*7)) > /tmp/typed");
    expect(await serial.run("until [ -s /tmp/typed ]; do sleep 0.1; done; cat /tmp/typed")).toContain(
      "Typed-42",
    );
    expect(await tinsmith.screenPicture()).not.toBe(before);
  });

  await test.step("the clipboard's text is typed too", async () => {
    const text = 'echo "Pasted: {$((3+4))}" | tee /tmp/pasted\n';
    await page.evaluate((value) => navigator.clipboard.writeText(value), text);
    await tinsmith.screen.getByRole("button", { name: "Type the clipboard's text" }).click();
    expect(await serial.run("until [ -s /tmp/pasted ]; do sleep 0.1; done; cat /tmp/pasted")).toContain(
      "Pasted: {7}",
    );
  });

  await test.step("Ctrl+Alt+F2 leads to the guest's second console", async () => {
    const active = "cat /sys/class/tty/tty0/active";
    // A console is there once something was written to it.
    await serial.run("sudo sh -c 'echo Second console >/dev/tty2'");
    expect(await serial.run(active)).toContain("tty1");
    await tinsmith.chooseOnScreen("Keys", "Press Ctrl+Alt+F2");
    await expect.poll(() => serial.run(active)).toContain("tty2");
    await tinsmith.chooseOnScreen("Keys", "Press Ctrl+Alt+F1");
    await expect.poll(() => serial.run(active)).toContain("tty1");
  });

  await test.step("a read-only screen types nothing", async () => {
    await tinsmith.screen.getByRole("button", { name: "Read only" }).click();
    await tinsmith.screenCanvas.click();
    await page.keyboard.type("echo > /tmp/must-not-be\n", { delay: typingPace });
    await tinsmith.screen.getByRole("button", { name: "Read only" }).click();
    await type("echo > /tmp/may-be");
    const files = await serial.run("until [ -e /tmp/may-be ]; do sleep 0.1; done; ls /tmp");
    expect(files).not.toContain("must-not-be");
  });

  await test.step("a screenshot is a PNG, from the window and from the command line", async () => {
    const download = page.waitForEvent("download");
    await tinsmith.screen.getByRole("button", { name: "Save a screenshot" }).click();
    const target = join(engine.imageSet, "screen.png");
    await engine.tinsmith("screen", target);
    for (const path of [await (await download).path(), target])
      expect(readFileSync(path).subarray(1, 4).toString()).toBe("PNG");
  });

  await test.step("a folder is inserted as a CD that the guest reads, and ejected", async () => {
    await tinsmith.chooseOnScreen("CD", "Eject the CD");
    await tinsmith.chooseOnScreen("CD", "Insert a CD…");
    await tinsmith.dialog.getByLabel("ISO or folder").fill(engine.imageSet);
    await tinsmith.dialog.getByRole("button", { name: "Insert" }).click();
    await expect(tinsmith.dialog).toBeHidden();
    const mount =
      "until sudo mount /dev/sr0 2>/dev/null; do sleep 0.2; done; ls /mnt/sr0; sudo umount /dev/sr0";
    expect(await serial.run(mount)).toContain("recipe.yaml");
    await engine.tinsmith("cd", "eject");
    expect(await serial.run("sudo head -c 1 /dev/sr0 >/dev/null || echo none")).toContain("none");
  });

  await test.step("a folder that is dropped on the screen becomes a data CD, which a guest without guest tools reads", async () => {
    const folder = join(engine.imageSet, "dropped");
    mkdirSync(join(folder, "deep"), { recursive: true });
    const bytes = randomBytes(500_000);
    writeFileSync(join(folder, "deep/large"), bytes);
    await dropFiles(tinsmith.screen, [folder]);
    await tinsmith.dialog.getByRole("button", { name: "Insert data CD" }).click();
    await expect(
      page.getByRole("list", { name: "Uploads" }).getByRole("img", { name: "Done" }),
    ).toBeVisible();
    const read =
      "until sudo mount /dev/sr0 2>/dev/null; do sleep 0.2; done; sha256sum /mnt/sr0/dropped/deep/*; sudo umount /dev/sr0";
    const digest = createHash("sha256").update(bytes).digest("hex");
    expect(await serial.run(read)).toContain(`${digest}  /mnt/sr0/dropped/deep/large`);
    await engine.tinsmith("cd", "insert", iso);
  });

  await test.step("a paused guest stands still, and goes on", async () => {
    await tinsmith.chooseOnScreen("Power", "Pause");
    await expect(tinsmith.screen.getByRole("status")).toHaveText("Paused");
    const answer = serial.run("echo $((40+2))");
    await expect.poll(() => engine.tinsmith("power", "pause")).toContain("paused");
    await expect(tinsmith.screen.getByRole("status")).toHaveText("Paused");
    await engine.tinsmith("power", "resume");
    expect(await answer).toContain("42");
    await expect(tinsmith.screen.getByRole("status")).toBeHidden();
  });

  await test.step("a reset boots it anew; a power-off ends it", async () => {
    await tinsmith.chooseOnScreen("Power", "Reset…");
    await tinsmith.dialog.getByRole("button", { name: "Reset" }).click();
    await keyboardReady(serial);
    expect(await serial.run("ls /tmp")).not.toContain("typed");
    await serial.run("until pidof acpid; do sleep 0.1; done");
    await tinsmith.chooseOnScreen("Power", "Shut down");
    await expect(tinsmith.screen).toContainText("The session has ended", { timeout: 60_000 });
  });
});
