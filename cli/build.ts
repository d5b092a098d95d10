import { resolve } from "node:path";
import { Command } from "commander";
import { type BuildPlan, buildImage } from "../core/build/build.ts";
import { requireFile } from "../core/files/files.ts";
import { findPaths } from "../core/paths.ts";
import type { CdRoms } from "../core/qemu/args.ts";
import { AppError } from "../shared/errors.ts";
import { runToExit } from "./context.ts";
import { options } from "./options.ts";
import { createProgress } from "./progress.ts";

interface BuildOptions {
  readonly boot?: string;
  readonly cdrom?: string;
  readonly kernel?: string;
  readonly initrd?: string;
  readonly append?: string;
  readonly vnc?: number;
  readonly internet?: boolean;
  readonly memory?: number;
  readonly timeout?: number;
  readonly keepFailed?: boolean;
  readonly json?: boolean;
}

/** `tinsmith build from-new` and `tinsmith build from-image`. */
export function buildCommand(): Command {
  const fromNew = withBuildOptions(new Command("from-new"))
    .description("Make an image with a new disk: the guest boots an ISO and runs until it powers off.")
    .argument("<MACHINE.json>", "machine definition")
    .argument("<OUT>", "archive to write: NAME.tar.lz4 or NAME.tar.zst")
    .addOption(options.size())
    .action((machineFile: string, out: string, given: BuildOptions & { size: number }) =>
      build(
        `New image ${out}`,
        out,
        { kind: "new", machineFile: resolve(machineFile), sizeGib: given.size },
        given,
      ),
    )
    .addHelpText(
      "after",
      `
Example: install TinyCore by hand, with a VNC viewer on localhost:5900
  $ tinsmith build from-new machine.json setup.tar.lz4 --boot TinyCore.iso --vnc 5900`,
    );
  const fromImage = withBuildOptions(new Command("from-image"))
    .description("Make an image from another one: the guest boots from it and runs until it powers off.")
    .argument("<IN>", "archive to start from; it stays as it is")
    .argument("<OUT>", "archive to write: NAME.tar.lz4 or NAME.tar.zst")
    .action((archive: string, out: string, given: BuildOptions) =>
      build(`Image ${out}`, out, { kind: "image", archive: resolve(archive) }, given),
    )
    .addHelpText(
      "after",
      `
Example: let a setup image run the setup.sh of a data CD
  $ tinsmith build from-image setup.tar.lz4 worker.tar.lz4 --cdrom data.iso`,
    );
  return new Command("build")
    .description("Make an image by booting a virtual machine.")
    .addCommand(fromNew)
    .addCommand(fromImage);
}

function withBuildOptions(command: Command): Command {
  return command
    .addOption(options.boot())
    .option("--cdrom <ISO>", "data CD; the only drive when there is no --boot")
    .option("--kernel <FILE>", "boot this Linux kernel in place of what is on the disk")
    .option("--initrd <FILE>", "its initial RAM disk")
    .option("--append <TEXT>", "its command line")
    .addOption(options.vnc())
    .addOption(options.internet())
    .addOption(options.memory())
    .addOption(options.timeout())
    .addOption(options.keepFailed())
    .addOption(options.json());
}

function build(
  title: string,
  output: string,
  source: BuildPlan["source"],
  given: BuildOptions,
): Promise<void> {
  return runToExit(async (signal) => {
    using progress = createProgress(given);
    const plan: BuildPlan = {
      title,
      output,
      source,
      prepare: async () => cdRoms(given),
      kernel: kernelBoot(given),
      internet: given.internet,
      memory: given.memory,
      timeout: given.timeout,
      vncPort: given.vnc,
      keepFailed: given.keepFailed,
    };
    await buildImage(plan, { paths: findPaths(), signal, onEvent: progress.onEvent });
  });
}

function cdRoms({ boot, cdrom }: BuildOptions): CdRoms {
  const iso = (path: string) => requireFile(resolve(path), "It was given as a CD.");
  return { ...(boot && { bootIso: iso(boot) }), ...(cdrom && { dataDrive: { iso: iso(cdrom) } }) };
}

function kernelBoot({ kernel, initrd, append }: BuildOptions): BuildPlan["kernel"] {
  if (kernel === undefined) {
    if (initrd === undefined && append === undefined) return undefined;
    throw new AppError({
      code: "usage",
      message: "--initrd and --append need --kernel",
      advice: "Add --kernel FILE.",
    });
  }
  const file = (path: string) => requireFile(resolve(path), "It was given to boot from.");
  return { kernel: file(kernel), ...(initrd && { initrd: file(initrd) }), ...(append && { append }) };
}
