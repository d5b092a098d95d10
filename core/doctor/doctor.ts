import { sumOfBytes } from "../../shared/cache/cache-groups.ts";
import { toAppError } from "../../shared/errors/errors.ts";
import { formatBytes } from "../../shared/text/format.ts";
import { describeCache } from "../cache/manage-cache.ts";
import { toolEnvironment } from "../contents/change/write-tools.ts";
import { existingFolder } from "../files/folders.ts";
import { freeBytes } from "../files/free-space.ts";
import { findRelay } from "../metaservice/http/guest-network.ts";
import { runCommand } from "../process/run-command.ts";
import { askQemu, type QemuCapabilities } from "../qemu/hardware/capabilities.ts";
import type { Paths } from "../storage/paths.ts";
import { currentSettings } from "../storage/settings-store.ts";
import { type Finding, good, type Observation } from "./finding.ts";
import { examineGo, withoutGo } from "./go.ts";
import {
  examineAccelerator,
  examineHardware,
  examineNetwork,
  examineSandbox,
  examineScreen,
} from "./qemu.ts";

/**
 * Examines everything that builds and runs of images need, and tries it where possible.
 *
 * @param retry tries KVM again, even when it is known to have failed.
 */
export async function examineHost(paths: Paths, retry: boolean): Promise<readonly Finding[]> {
  const qemu = await askQemu().catch(() => undefined);
  return await Promise.all([
    find("QEMU", "Nothing can be built or run without it.", async () => {
      const { program, version } = await askQemu();
      return good(`${program} ${version}`);
    }),
    ...(qemu ? examineQemu(qemu, paths, retry) : []),
    find("Disk tools", "Images can't be made or read without them.", () =>
      versionOf("qemu-img", "--version"),
    ),
    find("Relay", "The guest can't reach the MetaService without it.", async () =>
      good((await findRelay()).join(" ")),
    ),
    find("ISO builder", "Worker images can't be rebuilt without it.", () => versionOf("xorriso", "-version")),
    find("xz", withoutDecompressor("xz"), () => versionOf("xz", "--version")),
    // Its version is a licence on stderr.
    find("bzip2", withoutDecompressor("bzip2"), () => versionOf("bzip2", "--help")),
    find("Go", withoutGo, examineGo),
    find("Process control", "Virtual machines can't be started without it.", async () => {
      const tools = await Promise.all([versionOf("setpriv", "--version"), versionOf("bash", "--version")]);
      return good(tools.map(({ text }) => text).join(", "));
    }),
    findOptional("Image changes", "tinsmith change-image does not work without it.", examineImageChanges),
    find("Free space", "", () => freeSpace(paths)),
    find("Cache", "", () => cacheSize(paths)),
  ]);
}

function withoutDecompressor(program: string): string {
  return `Files in images that are compressed with ${program} can't be opened without it; all others can.`;
}

/** Examines which features the QEMU at hand has and lacks. */
function examineQemu(qemu: QemuCapabilities, paths: Paths, retry: boolean): Promise<Finding>[] {
  return [
    find("Accelerator", "", () => examineAccelerator(qemu, paths.cache, retry)),
    find("Hardware", "", async () => examineHardware(qemu)),
    find("Screen", "", () => examineScreen(qemu.program)),
    find("Guest network", "", () => examineNetwork(qemu.program)),
    find("Sandbox", "", () => examineSandbox(qemu.program)),
  ];
}

/** @param loss what can't be done when the look ends in an error. */
async function find(subject: string, loss: string, look: () => Promise<Observation>): Promise<Finding> {
  try {
    return { subject, ...(await look()) };
  } catch (thrown) {
    const { message, advice } = toAppError(thrown);
    return { subject, ok: false, text: message, advice: [loss, advice].filter(Boolean).join(" ") };
  }
}

/** As `find`, for something that only a part of Tinsmith needs. */
async function findOptional(...look: Parameters<typeof find>): Promise<Finding> {
  return { ...(await find(...look)), ok: true };
}

/** The programs that write files into an image. */
async function examineImageChanges(): Promise<Observation> {
  const env = toolEnvironment();
  // Those of e2fsprogs print their versions on stderr.
  await Promise.all(["debugfs", "e2fsck"].map((program) => runCommand([program, "-V"], { env })));
  const { text } = await versionOf("mcopy", "--version", env);
  return good(`debugfs, e2fsck, ${text}`);
}

async function versionOf(
  program: string,
  option: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Observation> {
  const lines = (await runCommand([program, option], { env })).split("\n");
  return good(lines.find((line) => line.trim()) ?? program);
}

async function freeSpace(paths: Paths): Promise<Observation> {
  const folder = existingFolder(paths.sessions);
  return good(`${formatBytes(await freeBytes(folder))} in ${folder}`);
}

async function cacheSize(paths: Paths): Promise<Observation> {
  const bytes = sumOfBytes(await describeCache(paths));
  return good(
    `${formatBytes(bytes)} of at most ${currentSettings(paths).retention.cacheGib} GiB in ${paths.cache}`,
  );
}
