import { statSync } from "node:fs";
import { resolve } from "node:path";
import { Command } from "commander";
import { exportDisk } from "../../../core/image/archive/export-disk.ts";
import { findPaths } from "../../../core/storage/paths.ts";
import { formatBytes } from "../../../shared/text/format.ts";
import { runToExit } from "../../support/context.ts";
import { print, printNote } from "../../support/print.ts";

/** `tinsmith export-disk`. */
export function exportDiskCommand(): Command {
  return new Command("export-disk")
    .description("Write the disk of an image for other programs.")
    .argument("<IMAGE>", "image archive")
    .argument("<DISK>", "a new file: NAME.qcow2, NAME.vmdk, NAME.vdi, NAME.raw or NAME.img")
    .action((archive: string, target: string) =>
      runToExit(async (signal) => {
        const files = { archive: resolve(archive), target: resolve(target) };
        await exportDisk(findPaths(), { ...files, signal, onNote: printNote });
        print(`${files.target}: ${formatBytes(statSync(files.target).size)}\n`);
      }),
    )
    .addHelpText(
      "after",
      "\nExample:\n  $ tinsmith export-disk images/microcore/microcore-worker.tar.lz4 worker.qcow2",
    );
}
