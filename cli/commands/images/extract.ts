import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { Command } from "commander";
import { extractArchive } from "../../../core/image/archive/extract-archive.ts";
import { AppError } from "../../../shared/errors/errors.ts";
import { formatBytes } from "../../../shared/text/format.ts";
import { runToExit } from "../../support/context.ts";
import { print, printNote } from "../../support/print.ts";
import { parseImagePath } from "../contents/image-path.ts";

/** `tinsmith extract`. */
export function extractCommand(): Command {
  return new Command("extract")
    .description("Unpack an image archive: disk.img with its holes, layer.qcow2 and machine.json.")
    .argument("<IMAGE>", "image archive")
    .argument("<FOLDER>", "a new or empty folder")
    .action((archive: string, folder: string) =>
      runToExit(async (signal) => {
        requireWholeImage(archive, folder);
        const { entries } = await extractArchive({ archive, folder, signal, onNote: printNote });
        for (const { name, size } of entries) print(`${join(resolve(folder), name)}: ${formatBytes(size)}\n`);
      }),
    )
    .addHelpText(
      "after",
      "\nExample:\n  $ tinsmith extract images/microcore/microcore-worker.tar.lz4 unpacked",
    );
}

/** @throws AppError `usage` for a path in an image, which other commands take */
function requireWholeImage(archive: string, folder: string): void {
  const { image, path } = parseImagePath(archive);
  if (path === "/" || !existsSync(image)) return;
  throw new AppError({
    code: "usage",
    message: `${archive} is a path in an image, and extract unpacks whole images`,
    advice: `Unpack a folder with tinsmith cat-image ${archive} | tar -x -C ${folder}.`,
  });
}
