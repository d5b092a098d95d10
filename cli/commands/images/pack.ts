import { Command } from "commander";
import { packImage } from "../../../core/builder/growth/pack-image.ts";
import { findOutput } from "../../../core/builder/output-archive.ts";
import { rememberImage } from "../../../core/storage/known-images.ts";
import { findPaths } from "../../../core/storage/paths.ts";
import { describeGrowth } from "../../../shared/contents/growth.ts";
import { formatBytes } from "../../../shared/text/format.ts";
import { runToExit } from "../../support/context.ts";
import { print, printNote } from "../../support/print.ts";

/** `tinsmith pack`. */
export function packCommand(): Command {
  return new Command("pack")
    .description("Make an image archive of a folder that holds disk.img and machine.json.")
    .argument("<FOLDER>", "the folder; it stays as it is")
    .argument("<OUT>", "archive to write: NAME.tar.lz4 or NAME.tar.zst")
    .action((folder: string, target: string) =>
      runToExit(async (signal) => {
        const paths = findPaths();
        const { archive: packed, growth } = await packImage({
          ...{ folder, target: findOutput(target), facts: { kind: "pack" }, paths, signal },
          onNote: (text) => printNote(text),
        });
        rememberImage(paths, packed.digest);
        print(`${packed.path}: ${formatBytes(packed.size)}, sha256 ${packed.digest}\n`);
        if (growth) print(`${describeGrowth(growth)}\n`);
      }),
    )
    .addHelpText("after", "\nExample:\n  $ tinsmith pack my-image my-image.tar.zst");
}
