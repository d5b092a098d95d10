import { Command } from "commander";
import { inspectArchive } from "../core/image/archive.ts";
import { runToExit } from "./context.ts";

/** `tinsmith inspect`. */
export function inspectCommand(): Command {
  return new Command("inspect")
    .description("Show what is in an image, without extracting it.")
    .argument("<IMAGE>", "image archive")
    .option("--json", "print it as JSON", false)
    .action((archive: string, { json }: { json: boolean }) =>
      runToExit(async (signal) => {
        const image = await inspectArchive({ archive, signal });
        process.stdout.write(json ? `${JSON.stringify(image, null, 2)}\n` : describe(image));
      }),
    )
    .addHelpText("after", "\nExample:\n  $ tinsmith inspect images/microcore/microcore-worker.tar.lz4");
}
