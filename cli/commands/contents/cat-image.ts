import { once } from "node:events";
import { Command } from "commander";
import { bytesOf } from "../../../core/contents/save-place.ts";
import { withinLimit } from "../../../core/contents/tree/work-limit.ts";
import { AppError } from "../../../shared/errors/errors.ts";
import { runToExit } from "../../support/context.ts";
import { print } from "../../support/print.ts";
import { parseImagePath } from "./image-path.ts";
import { type LookOptions, openContentsForPerson, yesOption } from "./open-contents-for-person.ts";

/** `tinsmith cat-image`. */
export function catImageCommand(): Command {
  return new Command("cat-image")
    .description(
      "Write a file in an image to stdout, without booting anything; a folder is written as a tar archive.",
    )
    .argument("<IMAGE:PATH>", "a file, a kept disk or a checkpoint, and a file or folder in it")
    .addOption(yesOption())
    .action((what: string, options: LookOptions) =>
      runToExit(async (signal) => {
        const { image, path } = parseImagePath(what);
        await using contents = await openContentsForPerson(image, { ...options, readsAll: false }, signal);
        await withinLimit(`reading ${path} in ${image}`, signal, async () => {
          const place = await contents.find(path, { followsLink: true });
          if (process.stdout.isTTY && place.entry.kind === "folder") throw notOnTerminal(path);
          for await (const piece of bytesOf(contents, place)) await write(piece, signal);
        });
        return undefined;
      }),
    )
    .addHelpText(
      "after",
      `
Examples:
  $ tinsmith cat-image images/microcore/microcore-worker.tar.lz4:/tce/mydata.tar/opt/start-guest-tools
  $ tinsmith cat-image images/microcore/microcore-worker.tar.lz4:/tce/mydata.tar/opt | tar -tv`,
    );
}

function notOnTerminal(path: string): AppError {
  return new AppError({
    code: "usage",
    message: `${path} is a folder, and a tar archive of it is not for a terminal`,
    advice: "Unpack it with | tar -x, write it to a file with > NAME.tar, or list it with tinsmith ls-image.",
  });
}

/** As they are in a pipe, and escaped on a terminal, which a file could give orders. */
async function write(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
  if (process.stdout.isTTY) print(Buffer.from(bytes).toString());
  else if (!process.stdout.write(bytes)) await once(process.stdout, "drain", { signal });
}
