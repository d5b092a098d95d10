import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "./fixtures.ts";

// The ways of an installation by hand that are hard to reach; real/install-by-hand.spec.ts does one for real.

test("an image set without an ISO offers to install one: a file that is found while one types its path", async ({
  tinsmith,
  engine,
  page,
}) => {
  const isos = join(engine.workspace, "isos");
  mkdirSync(isos);
  writeFileSync(join(isos, "TinyCore.iso"), "an ISO");
  await tinsmith.slot("tinycore", "Setup image").getByRole("button", { name: "Install…" }).click();
  const iso = tinsmith.dialog.getByRole("combobox", { name: "ISO" });
  await iso.fill(`${isos}/Tiny`);
  await expect(page.locator("datalist option").first()).toHaveAttribute("value", join(isos, "TinyCore.iso"));
  await iso.fill(join(isos, "TinyCore.iso"));
  await tinsmith.dialog.getByLabel("Disk").fill("2");
  await tinsmith.dialog.getByRole("button", { name: "Boot it" }).click();
  await expect.poll(() => engine.started.length).toBe(1);
  expect(engine.started[0]?.args).toEqual([
    ...["rebuild", "setup", "--by-hand", "--recipe", join(engine.workspace, "tinycore")],
    ...["--machine", join(engine.workspace, "tinycore/machine.json"), "--size", "2"],
    ...["--boot", join(isos, "TinyCore.iso")],
  ]);
});

test("an ISO that is to be fetched needs its digest", async ({ tinsmith, engine }) => {
  await tinsmith.slot("tinycore", "Setup image").getByRole("button", { name: "Install…" }).click();
  await tinsmith.dialog.getByLabel("Boots from").selectOption("an ISO to be fetched");
  const boot = tinsmith.dialog.getByRole("button", { name: "Boot it" });
  await tinsmith.dialog.getByLabel("Address").fill("http://127.0.0.1/core.iso");
  await expect(boot).toBeDisabled();
  await tinsmith.dialog.getByLabel("SHA-256").fill("F".repeat(64));
  await boot.click();
  await expect
    .poll(() => engine.started[0]?.args.slice(-4))
    .toEqual([...["--boot", "http://127.0.0.1/core.iso", "--sha256", "f".repeat(64)]]);
});

test("when the guest is off, a person says what becomes of it; a reload loses nothing", async ({
  tinsmith,
  engine,
  page,
}) => {
  await tinsmith.command("Install the setup image by hand");
  await tinsmith.dialog.getByRole("button", { name: "Boot it" }).click();
  await expect.poll(() => engine.started.length).toBe(1);
  const build = engine.started[0];
  if (!build) throw new Error("the window has begun no build");
  const question = tinsmith.build.getByRole("region", { name: "What becomes of it?" });

  const first = build.askWhenOff("The guest is off: QEMU was ended by SIGKILL.\nqemu: last words");
  await expect(question).toContainText("last words");
  await expect(tinsmith.slot("microcore", "Setup image")).toContainText("Waits for you");
  await page.reload();
  await question.getByRole("button", { name: "Boot it again" }).click();
  expect(await first).toBe("boot");
  await expect(question).toBeHidden();

  const second = build.askWhenOff("The guest has powered off.");
  await question.getByRole("button", { name: "Discard…" }).click();
  await tinsmith.dialog.getByRole("button", { name: "Discard" }).click();
  expect(await second).toBe("discard");
});
