import { resolve } from "node:path";
import { Command } from "commander";
import { performPlan } from "../../../core/plan/perform-plan.ts";
import { findPaths } from "../../../core/storage/paths.ts";
import { type DirectBuildPlan, makePlan } from "../../../shared/contracts/plan.ts";
import { AppError } from "../../../shared/errors/errors.ts";
import type { PortForward } from "../../../shared/session/port-forward.ts";
import { createProgress } from "../../support/build-progress.ts";
import { runToExit } from "../../support/context.ts";
import { exitStatus } from "../../support/exit-status.ts";
import { options } from "../../support/options.ts";
import { typedInput } from "../../support/typed-input.ts";

interface BuildOptions {
  readonly boot?: string;
  readonly bootEntry?: string;
  readonly cdrom?: string;
  readonly kernel?: string;
  readonly initrd?: string;
  readonly append?: string;
  readonly vnc?: number;
  readonly internet?: boolean;
  readonly forward?: PortForward[];
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
    .addOption(options.size("size of the disk").default(1))
    .action((machineFile: string, out: string, given: BuildOptions & { size: number }) =>
      build(out, { kind: "new", machine: resolve(machineFile), size: given.size }, given),
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
    .addOption(
      options.size(
        "size of the disk, at least that of the image's; its partitions and file systems stay as they are",
      ),
    )
    .action((archive: string, out: string, given: BuildOptions & { size?: number }) =>
      build(out, { kind: "image", archive: resolve(archive), size: given.size }, given),
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
    .addOption(options.bootEntry().conflicts("kernel"))
    .option("--cdrom <ISO>", "data CD; the only drive when there is no --boot")
    .option("--kernel <FILE>", "boot this Linux kernel in place of what is on the disk")
    .option("--initrd <FILE>", "its initial RAM disk")
    .option("--append <TEXT>", "the kernel's command line")
    .addOption(options.vnc())
    .addOption(options.internet())
    .addOption(options.forward())
    .addOption(options.memory())
    .addOption(options.timeout())
    .addOption(options.keepFailed())
    .addOption(options.json());
}

function build(out: string, source: DirectBuildPlan["source"], given: BuildOptions): Promise<void> {
  return runToExit(async (signal) => {
    const { boot, bootEntry, cdrom, vnc: vncPort, internet, memory, timeout, keepFailed, forward } = given;
    if (bootEntry !== undefined && boot === undefined) throw needsBoot();
    const plan = makePlan({
      kind: "build",
      output: resolve(out),
      source,
      bootIso: boot && resolve(boot),
      bootEntry,
      dataIso: cdrom && resolve(cdrom),
      kernel: kernelBoot(given),
      ...{ internet, memory, timeout, vncPort, keepFailed, forward },
    });
    using progress = createProgress(given);
    await performPlan(plan, { paths: findPaths(), signal, input: typedInput(progress), ...progress });
    return exitStatus.success;
  });
}

function needsBoot(): AppError {
  return new AppError({
    code: "usage",
    message: "--boot-entry needs --boot",
    advice: "Add --boot ISO.",
  });
}

function kernelBoot({ kernel, initrd, append }: BuildOptions): DirectBuildPlan["kernel"] {
  if (kernel !== undefined) return { kernel: resolve(kernel), initrd: initrd && resolve(initrd), append };
  if (initrd === undefined && append === undefined) return undefined;
  throw new AppError({
    code: "usage",
    message: "--initrd and --append need --kernel",
    advice: "Add --kernel FILE.",
  });
}
