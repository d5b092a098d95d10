import { join, resolve } from "node:path";
import { Command } from "commander";
import { extractArchive } from "../../../core/image/archive/extract-archive.ts";
import { formatBytes } from "../../../shared/text/format.ts";
import { runToExit } from "../../support/context.ts";
import { print, printNote } from "../../support/print.ts";

/** `tinsmith extract`. */
export function extractCommand(): Command {
  return new Command("extract")
    .description("Unpack an image archive: disk.img with its holes, layer.qcow2 and machine.json.")
    .argument("<IMAGE>", "image archive")
    .argument("<FOLDER>", "a new or empty folder")
    .action((archive: string, folder: string) =>
      runToExit(async (signal) => {
        const { entries } = await extractArchive({ archive, folder, signal, onNote: printNote });
        for (const { name, size } of entries) print(`${join(resolve(folder), name)}: ${formatBytes(size)}\n`);
      }),
    )
    .addHelpText(
      "after",
      "\nExample:\n  $ tinsmith extract images/microcore/microcore-worker.tar.lz4 unpacked",
    );
}
