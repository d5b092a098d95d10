import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { connect } from "node:net";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { beforeAll, expect, test } from "vitest";
import { readImageSet } from "../../../core/image-set/image-set.ts";
import { findInstallIso } from "../../../core/iso/install-iso.ts";
import { findPaths } from "../../../core/storage/paths.ts";
import { eventually } from "../../eventually.ts";
import { freePort } from "../../free-port.ts";
import { makeBuiltWorkshop } from "../built-workshop.ts";
import { tinsmith } from "../tinsmith.ts";

const workshop = makeBuiltWorkshop();
const machine = join(workshop.imageSet, "machine.json");
let iso: string;

beforeAll(async () => {
  const { folder, recipe } = readImageSet(workshop.imageSet);
  if (!recipe.iso) throw new Error("the recipe names no ISO");
  iso = await findInstallIso(recipe.iso, { folder, cache: findPaths().cache, working: workshop.folder });
});

test("a new disk of the wanted size is made by a guest with a kernel of one's own, told by its command line", async () => {
  const out = join(workshop.folder, "blank.tar.lz4");
  const [kernel, initrd] = [join(workshop.folder, "vmlinuz"), join(workshop.folder, "core.gz")];
  const extract = ["-extract", "/boot/vmlinuz", kernel, "-extract", "/boot/core.gz", initrd];
  await execa("xorriso", ["-osirrox", "on", "-indev", iso, ...extract]);
  const append = "console=ttyS0 rdinit=/bin/busybox -- poweroff -f";
  const boot = ["--kernel", kernel, "--initrd", initrd, "--append", append];
  const built = await tinsmith(workshop, [
    "build",
    "from-new",
    machine,
    out,
    "--size",
    "2",
    "--boot",
    iso,
    ...boot,
  ]);
  expect(built.exitStatus).toBe(0);
  const { stdout } = await tinsmith(workshop, ["inspect", out, "--json"]);
  expect(JSON.parse(stdout.toString()).entries).toContainEqual({
    name: "disk.img",
    size: 2 * 1024 ** 3,
    dataSize: 0,
  });
});

test("the text of a console in a framebuffer is read with the font of the guest's kernel", async () => {
  const out = join(workshop.folder, "framebuffer.tar.lz4");
  const [kernel, initrd] = [join(workshop.folder, "vmlinuz"), join(workshop.folder, "core.gz")];
  // 1024 by 768 pixels
  const boot = ["--kernel", kernel, "--initrd", initrd, "--append", "vga=0x317 console=ttyS0 console=tty0"];
  let cancel = (_signal: NodeJS.Signals) => {};
  const building = tinsmith(workshop, ["build", "from-new", machine, out, "--boot", iso, ...boot], {
    onStderr: (_text, end) => {
      cancel = end;
    },
  });
  await eventually(
    async () => {
      const { stdout } = await tinsmith(workshop, ["screen", "--text", "--json"]);
      const { kind, columns, lines } = JSON.parse(stdout.toString());
      expect({ kind, columns }).toEqual({ kind: "text", columns: 128 });
      expect(lines).toContain("Enter 'help' for a list of built-in commands.");
    },
    { timeout: 90_000, interval: 500 },
  );
  cancel("SIGTERM");
  await building;
});

test("its screen is on a port of localhost only; SIGTERM ends the build and leaves no archive", async () => {
  const out = join(workshop.folder, "never.tar.lz4");
  const port = await freePort();
  const args = ["build", "from-new", machine, out, "--boot", iso, "--vnc", `${port}`];
  let end = (_signal: NodeJS.Signals) => {};
  const building = tinsmith(workshop, args, {
    onStderr: (_text, interrupt) => {
      end = interrupt;
    },
  });
  expect(await greetingAt(port)).toMatch(/^RFB 003\.\d{3}\n$/);
  const { stdout } = await execa("ss", [
    "--listening",
    "--tcp",
    "--numeric",
    "--no-header",
    `sport = :${port}`,
  ]);
  expect(stdout.split("\n").map((line) => line.split(/\s+/)[3])).toEqual([`127.0.0.1:${port}`]);
  end("SIGTERM");
  const { exitStatus, stderr } = await building;
  expect(stderr).toContain("error: interrupted");
  expect(exitStatus).toBe(143);
  expect(existsSync(out)).toBe(false);
  expect(readdirSync(dirname(out)).filter((name) => name.includes(".tinsmith-"))).toEqual([]);
});

/** The first message of a server, once there is one. */
async function greetingAt(port: number): Promise<string> {
  return await eventually(async () => {
    const socket = connect(port, "127.0.0.1");
    try {
      const [bytes] = await once(socket, "data");
      return String(bytes);
    } finally {
      socket.destroy();
    }
  });
}
