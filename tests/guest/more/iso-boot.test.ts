import { copyFileSync, globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { readImageSet } from "../../../core/image-set/image-set.ts";
import { findInstallIso } from "../../../core/iso/install-iso.ts";
import { findPaths, sessionPaths } from "../../../core/storage/paths.ts";
import { eventually } from "../../eventually.ts";
import { makeBuiltWorkshop } from "../built-workshop.ts";
import { tinsmith, type Workshop } from "../tinsmith.ts";

const workshop = makeBuiltWorkshop();
const machine = join(workshop.imageSet, "machine.json");

const pathsIn = ({ folder }: Workshop) => findPaths({ XDG_STATE_HOME: folder, XDG_RUNTIME_DIR: folder });

/** Boots a new disk, with these options, for a build that never ends by itself. */
function bootUntilInterrupted(options: readonly string[]) {
  let end = (_signal: NodeJS.Signals) => {};
  const out = join(workshop.folder, "never.tar.lz4");
  const building = tinsmith(workshop, ["build", "from-new", machine, out, ...options], {
    onStderr: (_text, interrupt) => {
      end = interrupt;
    },
  });
  return {
    interrupt: () => {
      end("SIGTERM");
      return building;
    },
  };
}

/** Finds a file of a Debian package that test.sh installs. Its name may depend on the version. */
function find(pattern: string): string {
  const [path] = globSync(pattern);
  if (path === undefined)
    throw new Error(`${pattern} is not there: ./test.sh guest_more installs its package`);
  return path;
}

const readScreen = async () => (await tinsmith(workshop, ["screen", "--text"])).stdout.toString();

/** Makes the ISO of the embedded guest OS again, with a boot loader that gives its kernel no console but the screen. */
async function makeSilentIso(iso: string): Promise<void> {
  const { folder, recipe } = readImageSet(workshop.imageSet);
  if (!recipe.iso) throw new Error("the recipe names no ISO");
  const { cache } = findPaths();
  const own = await findInstallIso(recipe.iso, { folder, cache, working: workshop.folder });
  const config = join(workshop.folder, "isolinux.cfg");
  const label = "label silent\nkernel /boot/vmlinuz\ninitrd /boot/core.gz\nappend console=tty0 noisapnp\n";
  writeFileSync(config, `default silent\n${label}`);
  const change = ["-map", config, "/boot/isolinux/isolinux.cfg", "-boot_image", "any", "replay"];
  await execa("xorriso", ["-indev", own, "-outdev", iso, ...change]);
}

test("a recipe boots the kernel of an ISO with a serial console by itself; once it is installed, the disk boots", async () => {
  const set = join(workshop.folder, "silent");
  mkdirSync(set);
  await makeSilentIso(join(set, "silent.iso"));
  copyFileSync(machine, join(set, "machine.json"));
  const recipe = `
iso: {path: silent.iso}
bootEntry: silent
install:
  - {wait: "tc@box:~$ ", timeout: 120}
  - type: echo "by Tinsmith <$(cat /proc/cmdline)>"
  - wait: "tc@box:~$ "
  - type: tc-install.sh /dev/vda
  - {wait: Installed on /dev/vda, timeout: 120}
  - wait: "tc@box:~$ "
  - type: sudo reboot
  - {wait: "tc@box:~$ ", timeout: 120}
  - type: echo "by the disk <$(cat /proc/cmdline)>"
  - wait: "tc@box:~$ "
  - type: sudo poweroff
`;
  writeFileSync(join(set, "recipe.yaml"), recipe);
  const rebuild = ["rebuild", "setup", "--recipe", set];
  const built = await tinsmith(workshop, rebuild);
  expect(built.stderr).toContain('the guest boots the kernel of "silent"');
  expect(built.exitStatus).toBe(0);

  const [, session = ""] = /\(session ([\w-]+)\)/.exec(built.stderr) ?? [];
  const printed = readFileSync(sessionPaths(pathsIn(workshop), session).serialLog, "utf8");
  expect(printed).toContain("by Tinsmith <console=tty0 noisapnp console=ttyS0,115200>");
  expect(printed).toMatch(/by the disk <BOOT_IMAGE=\S+ console=tty0 noisapnp initrd=\S+>/);
  // The kernel's own messages: those of the second boot are on the screen only.
  expect(printed.split("Linux version").length - 1).toBe(1);

  const { stdout } = await tinsmith(workshop, [...rebuild, "--explain"]);
  expect(stdout.toString()).toContain("up to date");
  writeFileSync(join(set, "recipe.yaml"), recipe.replace("bootEntry: silent", 'bootEntry: "1"'));
  const changed = await tinsmith(workshop, [...rebuild, "--explain"]);
  expect(changed.stdout.toString()).toContain("recipe.yaml");
  expect(changed.stdout.toString()).not.toContain("up to date");
});

test.each([
  ["/usr/lib/grub-rescue/grub-rescue-cdrom.iso", "system    unknown", /GNU GRUB +version/],
  ["/usr/lib/ipxe/ipxe.iso", "system    iPXE", /Open Source Network Boot Firmware/],
  ["/usr/lib/memtest86+/*x64*.iso", "system    Memtest86+", /L1 Cache: +\d+KB/],
])("%s is recognised, boots, and is read on the screen", async (pattern, system, shown) => {
  const iso = find(pattern);
  const { stdout } = await tinsmith(workshop, ["iso", iso]);
  expect(stdout.toString()).toContain(system);
  expect(stdout.toString()).toContain("a CD with BIOS");

  const building = bootUntilInterrupted(["--boot", iso, "--memory", "256"]);
  await eventually(async () => expect(await readScreen()).toMatch(shown), {
    timeout: 180_000,
    interval: 500,
  });
  expect((await building.interrupt()).stderr).toContain("error: interrupted");
});
