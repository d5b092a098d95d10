import { isUtf8 } from "node:buffer";
import { AppError } from "../../../shared/errors/errors.ts";
import type { ByteSource } from "../../file-systems/byte-source.ts";
import { bootSectorBytes, readBootSector } from "../../file-systems/fat/boot-sector.ts";
import { runCommand } from "../../process/run-command.ts";
import type { TargetFile } from "./find-target.ts";
import { type DiskChange, notWritable, toolEnvironment, toolLimits } from "./write-tools.ts";

/**
 * Writes a file into a FAT file system of a disk, by mtools.
 *
 * @throws AppError `usage` for a name that mtools can't be given, `damaged-file-system` for a file system that is not clean,
 *   `no-space` if the file does not fit; `missing-tool`
 */
export async function writeFat(source: ByteSource, target: TargetFile, change: DiskChange): Promise<void> {
  const { folder, disk, offset, content, shown, signal } = change;
  const layout = readBootSector(await source.read(0, bootSectorBytes));
  if (!layout) throw notWritable(shown, "its file system is not a FAT file system");
  if (layout.isDirty) throw notWritable(shown, "its file system was not unmounted");
  if (layout.size > source.size)
    throw notWritable(shown, "its file system is larger than its disk or partition");
  const path = [...target.folder, target.name].map((name) => checkName(name, shown)).join("/");
  // A file that mtools knows by this name, and Tinsmith does not, is skipped.
  const clash = target.replaced ? "o" : "s";
  const argv = ["mcopy", "-i", `${disk}@@${offset}`, "-D", clash, "-m", content.name, `::/${path}`] as const;
  const env = { ...toolEnvironment(), MTOOLSRC: "/dev/null", HOME: folder };
  await runCommand(argv, { cwd: folder, env, signal, limits: toolLimits }).catch((cause) => {
    if (!(cause instanceof AppError) || !cause.details?.some((line) => /disk full/i.test(line))) throw cause;
    throw new AppError(
      {
        code: "no-space",
        message: `${shown} does not fit into its file system`,
        advice: "Choose a smaller file. Or make room in the image first.",
      },
      { cause },
    );
  });
}

/** UTF-16 units. */
const longestName = 255;
/** The names that mtools refuses. */
const devices = /^(con|prn|aux|nul|clock\$|com[1-9]|lpt[1-9])$/i;

/** mtools takes some characters for patterns, and FAT has no others of these either. */
function checkName(name: Buffer, shown: string): string {
  const text = name.toString();
  if (text.length > longestName)
    throw notWritable(shown, `its path has a name of more than ${longestName} characters`);
  if (devices.test(text)) throw notWritable(shown, `the name ${text} stands for a device in DOS`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused.
  if (isUtf8(name) && !/[\x00-\x1f\x7f"*:<>?\\|[\]]|[. ]$/.test(text)) return text;
  throw notWritable(shown, "its path has a character that can't be in a name of a FAT file system");
}
