import { once } from "node:events";
import { Command } from "commander";
import { bytesOf } from "../../../core/contents/save-place.ts";
import { openContents } from "../../../core/contents/tree/open-contents.ts";
import { withinLimit } from "../../../core/contents/tree/work-limit.ts";
import { findPaths } from "../../../core/storage/paths.ts";
import { runToExit } from "../../support/context.ts";
import { printNote } from "../../support/print.ts";
import { parseImagePath } from "./image-path.ts";

/** `tinsmith cat-image`. */
export function catImageCommand(): Command {
  return new Command("cat-image")
    .description(
      "Write a file in an image to stdout, without booting anything; a folder is written as a tar archive.",
    )
    .argument("<IMAGE:PATH>", "the image, and a file or folder in it")
    .action((what: string) =>
      runToExit(async (signal) => {
        const { image, path } = parseImagePath(what);
        await using contents = await openContents(findPaths(), image, { signal, onNote: printNote });
        await withinLimit(`reading ${path} in ${image}`, signal, async () => {
          const place = await contents.find(path);
          for await (const piece of bytesOf(contents, place))
            if (!process.stdout.write(piece)) await once(process.stdout, "drain", { signal });
        });
        return undefined;
      }),
    )
    .addHelpText(
      "after",
      `
Examples:
  $ tinsmith cat-image images/microcore/microcore-worker.tar.lz4:/opt/setup.log
  $ tinsmith cat-image images/microcore/microcore-worker.tar.lz4:/opt | tar -tv`,
    );
}
