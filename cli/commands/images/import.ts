import { resolve } from "node:path";
import { Command } from "commander";
import { importImage } from "../../../core/builder/growth/import-image.ts";
import { findOutput } from "../../../core/builder/output-archive.ts";
import { findPaths } from "../../../core/storage/paths.ts";
import { describeGrowth } from "../../../shared/contents/growth.ts";
import { formatBytes } from "../../../shared/text/format.ts";
import { runToExit } from "../../support/context.ts";
import { print, printNote } from "../../support/print.ts";

/** `tinsmith import`. */
export function importCommand(): Command {
  return new Command("import")
    .description("Make an image archive of a disk of another program: raw, qcow2, VMDK or VDI.")
    .argument("<DISK>", "the disk; it stays as it is")
    .argument("<OUT>", "a new archive: NAME.tar.lz4 or NAME.tar.zst")
    .option("--machine <FILE>", "machine definition; by default, one with the usual hardware")
    .action((disk: string, target: string, { machine }: { machine?: string }) =>
      runToExit(async (signal) => {
        const { archive: packed, growth } = await importImage({
          ...{ disk: resolve(disk), machine, target: findOutput(target), paths: findPaths(), signal },
          onNote: (text) => printNote(text),
        });
        print(`${packed.path}: ${formatBytes(packed.size)}, sha256 ${packed.digest}\n`);
        if (growth) print(`${describeGrowth(growth)}\n`);
      }),
    )
    .addHelpText("after", "\nExample:\n  $ tinsmith import debian.qcow2 debian.tar.lz4");
}
