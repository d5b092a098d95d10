import { Command } from "commander";
import { inspectArchive } from "../../../core/image/archive/inspect-archive.ts";
import type { ImageArchive } from "../../../shared/library/image-archive.ts";
import { formatMachine } from "../../../shared/machine/machine.ts";
import { isRemoteAddress } from "../../../shared/remotes/address.ts";
import { formatBytes } from "../../../shared/text/format.ts";
import { runToExit } from "../../support/context.ts";
import { print, printJson, printNote } from "../../support/print.ts";

/** `tinsmith inspect`. */
export function inspectCommand(): Command {
  return new Command("inspect")
    .description("Show what is in an image, without extracting it; of an address, without fetching it.")
    .argument("<IMAGE>", "image archive, or an address as tinsmith fetch takes it")
    .option("--json", "print it as JSON")
    .action((archive: string, { json }: { json?: boolean }) =>
      runToExit(async (signal) => {
        if (isRemoteAddress(archive)) return await inspectFrom(archive, json ?? false, signal);
        const image = await inspectArchive({ archive, signal });
        if (json) printJson(image, 2);
        else print(describe(image));
        for (const note of image.notes) printNote(note);
        return undefined;
      }),
    )
    .addHelpText("after", "\nExample:\n  $ tinsmith inspect images/microcore/microcore-worker.tar.lz4");
}

/** Its code is loaded for an address only. */
async function inspectFrom(address: string, json: boolean, signal: AbortSignal): Promise<undefined> {
  const { inspectAddress } = await import("../remotes/inspect-remote.ts");
  await inspectAddress(address, json, signal);
}

function describe({ format, size, digest, entries, machine }: ImageArchive): string {
  const files = entries.map(
    ({ name, size, dataSize }) =>
      `  ${name.padEnd(14)}${formatBytes(size)}, ${formatBytes(dataSize)} of them not empty`,
  );
  return [
    `${formatBytes(size)}, compressed with ${format}, sha256 ${digest}`,
    ...files,
    formatMachine(machine),
  ].join("\n");
}
