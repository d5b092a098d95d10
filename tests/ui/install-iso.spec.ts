import { mkdirSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fakeKernel, makeIsoIn } from "../../core/iso/test-iso-files.ts";
import { expect, test } from "./fixtures.ts";
import type { ScriptedEngine } from "./scripted-engine.ts";
import type { TinsmithPage } from "./tinsmith-page.ts";

// The dialog of an installation by hand, when an ISO is chosen.

/** An installer of a large system, with two kernels. */
function makeInstaller(engine: ScriptedEngine): string {
  const folder = join(engine.workspace, "isos");
  mkdirSync(folder);
  const label = (name: string, parameters: string) =>
    `label ${name}\nkernel /vmlinuz\nappend initrd=/initrd ${parameters}\n`;
  return makeIsoIn(
    folder,
    {
      "isolinux.cfg": label("Install", "quiet") + label("Rescue", "rescue"),
      "boot.bin": Buffer.alloc(2048),
      vmlinuz: fakeKernel(),
      initrd: "",
    },
    ["-R", "-V", "Fedora-S-dvd-x86_64-39", "-b", "boot.bin", "-no-emul-boot"],
  );
}

async function openDialog(tinsmith: TinsmithPage) {
  await tinsmith.slot("tinycore", "Setup image").getByRole("button", { name: "Install…" }).click();
  return tinsmith.dialog;
}

test("a chosen ISO tells what it is, and its system's disk and memory are filled in", async ({
  tinsmith,
  engine,
}) => {
  const iso = makeInstaller(engine);
  const dialog = await openDialog(tinsmith);
  await expect(dialog.getByLabel("Boot entry")).toHaveCount(0);
  await dialog.getByRole("combobox", { name: "ISO" }).fill(iso);
  const facts = dialog.getByRole("status");
  for (const fact of [
    "Fedora 39",
    "Fedora-S-dvd-x86_64-39",
    "as a CD with BIOS",
    "20 GiB disk, 4096 MiB memory",
  ])
    await expect(facts).toContainText(fact);
  await expect(dialog.getByLabel("Disk")).toHaveValue("20");
  await expect(dialog.getByLabel("Memory")).toHaveValue("4096");
  await expect(dialog.getByLabel("Boot entry")).toHaveValue("");
  await dialog.getByRole("button", { name: "Install setup image" }).click();
  await expect
    .poll(() => engine.started[0]?.plan)
    .toMatchObject({ iso: { path: iso }, size: 20, memory: 4096 });
  expect(engine.started[0]?.plan).not.toHaveProperty("bootEntry");
});

test("a size that was typed before an ISO is chosen stays; the next installation has the last choices", async ({
  tinsmith,
  engine,
  page,
}) => {
  const iso = makeInstaller(engine);
  let dialog = await openDialog(tinsmith);
  await dialog.getByLabel("Disk").fill("30");
  await dialog.getByRole("combobox", { name: "ISO" }).fill(iso);
  const entry = dialog.getByLabel("Boot entry");
  await expect(entry.getByRole("option")).toHaveText(["Boot from the CD", "Install", "Rescue"]);
  await entry.selectOption("Rescue");
  await expect(entry).toHaveAccessibleDescription(
    /boots \/vmlinuz with a serial console.*Parameters: rescue/,
  );
  await expect(dialog.getByLabel("Disk")).toHaveValue("30");
  await dialog.getByRole("button", { name: "Install setup image" }).click();
  await expect
    .poll(() => engine.started[0]?.plan)
    .toMatchObject({ iso: { path: iso }, bootEntry: "Rescue", size: 30, memory: 4096 });
  await expect(dialog).toBeHidden();
  await engine.started[0]?.fail({ code: "build-failed", message: "it failed" });

  await page.reload();
  dialog = await openDialog(tinsmith);
  await expect(dialog.getByRole("combobox", { name: "ISO" })).toHaveValue(iso);
  await expect(dialog.getByLabel("Disk")).toHaveValue("30");
  await expect(dialog.getByLabel("Boot entry")).toHaveValue("Rescue");
  // An entry belongs to its ISO.
  await dialog.getByRole("combobox", { name: "ISO" }).fill(`${iso}.other`);
  await expect(dialog.getByLabel("Boot entry")).toBeHidden();
  await dialog.getByRole("combobox", { name: "ISO" }).fill(iso);
  await expect(dialog.getByLabel("Boot entry")).toHaveValue("");
});

test("a file that is not an ISO, and one that is truncated, have their problem told", async ({
  tinsmith,
  engine,
}) => {
  const iso = makeInstaller(engine);
  const dialog = await openDialog(tinsmith);
  const text = join(engine.workspace, "notes.iso");
  writeFileSync(text, "not an ISO");
  await dialog.getByRole("combobox", { name: "ISO" }).fill(text);
  await expect(dialog.getByRole("alert")).toHaveText(
    `${text} is not an ISO: it has no ISO 9660 volume. Give the path of a CD's or DVD's image. If it should be one, download it again.`,
  );
  truncateSync(iso, 80_000);
  await dialog.getByRole("combobox", { name: "ISO" }).fill(iso);
  await expect(dialog.getByRole("status")).toContainText(
    /The file is truncated: .* Download or copy the ISO again\./,
  );
});
