import { Command } from "commander";
import type { AttachedSession } from "../core/session/attach.ts";
import { runAttached } from "./attached.ts";
import { options } from "./options.ts";

type Api = AttachedSession["api"]["machine"];

/** What can be done to a virtual machine: in words for the help, in the contract, and what is said when it is done. */
const actions: Readonly<
  Record<
    string,
    { readonly help: string; readonly act: (machine: Api) => Promise<void>; readonly done: string }
  >
> = {
  off: {
    help: "Press its power button: the guest may power off in order, or not listen.",
    act: (machine) => machine.powerOff(),
    done: "The guest was asked to power off.",
  },
  reset: {
    help: "Press its reset button.",
    act: (machine) => machine.reset(),
    done: "The virtual machine was reset.",
  },
  pause: {
    help: "Let it stand still, and its time-outs with it.",
    act: (machine) => machine.pause(),
    done: "The virtual machine is paused; tinsmith power resume lets it go on.",
  },
  resume: { help: "Let it go on.", act: (machine) => machine.resume(), done: "The virtual machine goes on." },
  kill: {
    help: "End it at once, as if its plug were pulled.",
    act: (machine) => machine.kill(),
    done: "The virtual machine has ended.",
  },
};

/** `tinsmith power`. */
export function powerCommand(): Command {
  const command = new Command("power").description(
    "Power off, reset, pause or end a running virtual machine.",
  );
  for (const [name, { help, act, done }] of Object.entries(actions))
    command.addCommand(
      new Command(name)
        .description(help)
        .addOption(options.session())
        .action((given: { session?: string }) =>
          runAttached(given, async ({ api }) => {
            await act(api.machine);
            process.stdout.write(`${done}\n`);
            return undefined;
          }),
        ),
    );
  return command;
}
