import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { emptyIso } from "../../core/iso/test-iso-files.ts";
import { makePlan } from "../../shared/contracts/plan.ts";
import { expect, test } from "./fixtures.ts";
import { openScriptedScreen } from "./scripted-screen.ts";

// The ways of an installation by hand that are hard to reach; real/install-by-hand.spec.ts does one for real.

test("an image set without an ISO offers to install one: a file that is found while one types its path", async ({
  tinsmith,
  engine,
  page,
}) => {
  const isos = join(engine.workspace, "isos");
  mkdirSync(isos);
  writeFileSync(join(isos, "TinyCore.iso"), emptyIso());
  await tinsmith.slot("tinycore", "Setup image").getByRole("button", { name: "Install…" }).click();
  const iso = tinsmith.dialog.getByRole("combobox", { name: "ISO" });
  await iso.fill(`${isos}/Tiny`);
  await expect(page.locator("datalist option").first()).toHaveAttribute("value", join(isos, "TinyCore.iso"));
  await iso.fill(join(isos, "TinyCore.iso"));
  await tinsmith.dialog.getByLabel("Disk").fill("2");
  await tinsmith.dialog.getByRole("button", { name: "Install setup image" }).click();
  await expect.poll(() => engine.started.length).toBe(1);
  expect(engine.started[0]?.plan).toEqual(
    makePlan({
      kind: "rebuild",
      image: "setup",
      byHand: true,
      folder: join(engine.workspace, "tinycore"),
      machine: join(engine.workspace, "tinycore/machine.json"),
      size: 2,
      iso: { path: join(isos, "TinyCore.iso") },
      trusted: [],
    }),
  );
});

test("an ISO that is not there is refused in the dialog, after a pause in typing and when it is to boot", async ({
  tinsmith,
  engine,
}) => {
  await tinsmith.slot("tinycore", "Setup image").getByRole("button", { name: "Install…" }).click();
  const { dialog } = tinsmith;
  const iso = dialog.getByRole("combobox", { name: "ISO" });
  const missing = join(engine.workspace, "missing.iso");
  await iso.fill(missing);
  await expect(iso).toHaveAttribute("aria-invalid", "true");
  await expect(iso).toHaveAccessibleDescription(`${missing} does not exist. Check the path.`);

  await iso.fill("core.iso");
  await dialog.getByRole("button", { name: "Install setup image" }).click();
  await expect(iso).toHaveAccessibleDescription(
    "core.iso is not an absolute path. Give a path that begins with /.",
  );
  await expect(iso).toBeFocused();

  writeFileSync(missing, emptyIso());
  await iso.fill(missing);
  await dialog.getByLabel("Disk").fill("50");
  await expect(iso).not.toHaveAttribute("aria-invalid");
  await dialog.getByRole("button", { name: "Install setup image" }).click();
  await expect(dialog.getByLabel("Disk")).toBeFocused();
  await expect(dialog.getByLabel("Disk")).toHaveAccessibleDescription(/from 1 to 49/);
  expect(engine.started).toEqual([]);
  await dialog.getByLabel("Disk").fill("2");
  await dialog.getByRole("button", { name: "Install setup image" }).click();
  await expect.poll(() => engine.started.length).toBe(1);
});

test("an ISO that is to be fetched needs its digest", async ({ tinsmith, engine }) => {
  await tinsmith.slot("tinycore", "Setup image").getByRole("button", { name: "Install…" }).click();
  await tinsmith.dialog.getByLabel("Boots from").selectOption("An ISO to download");
  const boot = tinsmith.dialog.getByRole("button", { name: "Install setup image" });
  await tinsmith.dialog.getByLabel("Address").fill("http://127.0.0.1/core.iso");
  await boot.click();
  const digest = tinsmith.dialog.getByLabel("SHA-256");
  await expect(digest).toBeFocused();
  await expect(digest).toHaveAccessibleDescription("A SHA-256 has 64 hexadecimal digits; this one has 0.");
  expect(engine.started).toEqual([]);
  await digest.fill("F".repeat(64));
  await boot.click();
  await expect
    .poll(() => engine.started[0]?.plan)
    .toMatchObject({ iso: { url: "http://127.0.0.1/core.iso", sha256: "f".repeat(64) } });
});

for (const words of ["boot an iso", "record", "install by hand"])
  test(`the palette finds the installation by “${words}”`, async ({ tinsmith, page }) => {
    await page.keyboard.press("Control+k");
    await page.keyboard.type(words);
    await expect(tinsmith.dialog.getByRole("option").first()).toHaveAccessibleName(
      /^Install the setup image by hand…/,
    );
  });

test("beside the screen of an installation by hand it says that the steps are recorded", async ({
  tinsmith,
  engine,
}) => {
  const { build } = await openScriptedScreen(tinsmith, engine);
  await expect(tinsmith.screen).toContainText("Running");
  await expect(tinsmith.screen).not.toContainText("recording your steps");
  build.record();
  await expect(tinsmith.screen).toContainText("Running, recording your steps");
});

test("when the guest is off, a person says what becomes of it; a reload loses nothing", async ({
  tinsmith,
  engine,
  page,
}) => {
  await tinsmith.command("Install the setup image by hand");
  await tinsmith.dialog.getByRole("button", { name: "Install setup image" }).click();
  await expect.poll(() => engine.started.length).toBe(1);
  const build = engine.started[0];
  if (!build) throw new Error("the window has begun no build");
  const question = tinsmith.build.getByRole("region", { name: "Package the disk?" });

  const first = build.askWhenOff("The guest is off: QEMU was ended by SIGKILL.\nqemu: last words");
  await expect(question).toContainText("last words");
  await expect(tinsmith.slot("microcore", "Setup image")).toContainText("Waiting for you");
  await page.reload();
  await question.getByRole("button", { name: "Boot again" }).click();
  expect(await first).toBe("boot");
  await expect(question).toBeHidden();

  const second = build.askWhenOff("The guest has powered off.");
  await question.getByRole("button", { name: "Discard…" }).click();
  await tinsmith.dialog.getByRole("button", { name: "Discard" }).click();
  expect(await second).toBe("discard");
});
