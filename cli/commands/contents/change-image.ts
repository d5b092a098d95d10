import { resolve } from "node:path";
import { Command } from "commander";
import { packImage } from "../../../core/builder/growth/pack-image.ts";
import { findOutput } from "../../../core/builder/output-archive.ts";
import { changeImage, type Put } from "../../../core/contents/change/change-image.ts";
import { judgeTrust } from "../../../core/signature/archive-trust.ts";
import { rememberImage } from "../../../core/storage/known-images.ts";
import { findPaths } from "../../../core/storage/paths.ts";
import { formatBytes } from "../../../shared/text/format.ts";
import { runToExit } from "../../support/context.ts";
import { print, printNote } from "../../support/print.ts";
import { parseImagePath } from "./image-path.ts";

/** `tinsmith change-image`. */
export function changeImageCommand(): Command {
  return new Command("change-image")
    .description(
      "Make a copy of an image with other files in it, without booting anything, for a quick trial.",
    )
    .argument("<IMAGE>", "image archive; it stays as it is")
    .argument("<OUT>", "a new archive: NAME.tar.lz4 or NAME.tar.zst")
    .requiredOption(
      "--put <FILE:PATH>",
      "a file of this host, and its path in the image, or that of a folder; may be repeated",
      (value: string, before: readonly Put[] | undefined) => [...(before ?? []), parsePut(value)],
    )
    .action((image: string, out: string, { put }: { put: readonly Put[] }) =>
      runToExit(async (signal) => {
        const [paths, archive, target] = [findPaths(), resolve(image), findOutput(out)];
        const context = { signal, onNote: (text: string) => printNote(text) };
        const { packed, origin } = await changeImage(paths, {
          ...{ archive, target, puts: put, ...context },
          pack: async (options, origin) =>
            (await packImage({ ...options, ...context, paths, facts: { kind: "change", origin } })).archive,
        });
        // It is as much to be trusted as the image.
        const { warning } = await judgeTrust(paths, archive, origin.sha256, signal);
        if (warning === undefined) rememberImage(paths, packed.digest);
        for (const { change, path, size } of origin.changes)
          print(`${change} ${path}: ${formatBytes(size)}\n`);
        print(`${packed.path}: ${formatBytes(packed.size)}, sha256 ${packed.digest}\n`);
        printNote("This image is for trials: it was not built by a recipe.");
      }),
    )
    .addHelpText(
      "after",
      `
A file that is replaced keeps its mode and owner; one that is added has the mode that it has here, and the owner of its folder. A
path in an archive, such as mydata.tgz, changes the archive.

Example:
  $ tinsmith change-image worker.tar.lz4 trial.tar.lz4 --put guest-tools:/tce/mydata.tar/opt/guest-tools`,
    );
}

function parsePut(text: string): Put {
  const { image: file, path } = parseImagePath(text);
  return { file, path };
}
