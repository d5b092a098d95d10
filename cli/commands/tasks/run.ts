import { dirname, resolve } from "node:path";
import { Command } from "commander";
import { makePlan } from "../../../shared/contracts/plan.ts";
import type { PortForward } from "../../../shared/session/port-forward.ts";
import { options } from "../../support/options.ts";
import { rulesOf } from "../../support/read-rules.ts";
import { runTaskToExit, type TaskOptions, taskOf } from "./task-command.ts";

interface Options extends TaskOptions {
  readonly vnc?: number;
  readonly memory?: number;
  readonly timeout?: number;
  readonly internet?: boolean;
  readonly warm?: boolean;
  readonly pcap?: string;
  readonly forward?: PortForward[];
}

/** `tinsmith run`. */
export function runCommand(): Command {
  return new Command("run")
    .description("Boot an image and let its guest tools run a command; its log goes to stdout.")
    .argument("<IMAGE>", "image archive; it is not changed")
    .argument("<COMMAND...>", "the command and its arguments")
    .addOption(options.env())
    .option(
      "--keep-alive",
      "leave the guest running after the command, until Ctrl-C, for shell, ls, get and kill",
    )
    .addOption(options.noTty())
    .addOption(options.exitStatus())
    .addOption(options.warm())
    .addOption(options.vnc())
    .addOption(options.memory())
    .addOption(options.timeout())
    .addOption(options.internet())
    .addOption(options.forward())
    .option("--pcap <FILE>", "record all packets of the guest's network in this new file, up to 256 MiB")
    .addOption(options.rules())
    .addOption(options.setRules())
    .addOption(options.waitForWindow())
    .addOption(options.letVmRun())
    .addOption(options.timings())
    .addOption(options.json())
    .action(run)
    .addHelpText(
      "after",
      `
Exit status: 0 the command succeeded, 1 it failed, 2 wrong usage or an invalid file, 3 the guest tools were
lost, 4 the time was up, 5 trouble on this host, 130 or 143 interrupted, 141 nothing reads the output any more.
With --exit-status: the command's own, and 125 in place of 2, 3, 4 and 5; --json tells which by the error's code.

A command has a terminal, so its lines end in CR LF. --timeout counts from the start: the boot is part of it.

While a shell is open or a file is being copied out, the guest is left running after its result.

Example:
  $ tinsmith run images/microcore/microcore-worker.tar.lz4 --env NAME=world -- sh -c 'echo hello $NAME'`,
    );
}

function run(archive: string, command: string[], given: Options): Promise<void> {
  const { vnc: vncPort, keepAlive, memory, timeout, internet, forward, pcap } = given;
  return runTaskToExit(given, () =>
    makePlan({
      kind: "run",
      archive: resolve(archive),
      task: taskOf(command, given),
      rules: rulesOf(given, dirname(resolve(archive))),
      pcap: pcap && resolve(pcap),
      warm: given.warm ? "always" : "never",
      ...{ keepAlive, memory, timeout, internet, vncPort, forward },
    }),
  );
}
