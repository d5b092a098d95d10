import { Command } from "commander";
import type { AttachedSession } from "../../../core/session/client/attach.ts";
import { machineStateNow } from "../../../core/vm/machine-state.ts";
import { formatDuration } from "../../../shared/text/format.ts";
import { options } from "../../support/options.ts";
import { print } from "../../support/print.ts";
import { runAttached, runWithGuest } from "./attached.ts";

type Api = AttachedSession["api"]["machine"];

interface Action {
  readonly help: string;
  /** @returns the result, as a sentence. */
  readonly act: (machine: Api, given: { readonly setClock?: boolean }) => Promise<string>;
}

/** The power actions on a virtual machine. */
const actions: Readonly<Record<string, Action>> = {
  off: {
    help: "Shut down: press the power button, which the guest may ignore.",
    act: async (machine) => {
      await machine.powerOff();
      return "The guest was asked to shut down.";
    },
  },
  reset: {
    help: "Reset: press the reset button.",
    act: async (machine) => {
      await machine.reset();
      return "The virtual machine was reset.";
    },
  },
  pause: {
    help: "Pause the virtual machine and its time-outs.",
    act: async (machine) => {
      await machine.pause();
      return "The virtual machine is paused; tinsmith power resume resumes it.";
    },
  },
  resume: {
    help: "Resume the paused virtual machine.",
    act: async (machine, { setClock }) => {
      await machine.resume();
      const clock = setClock ? await setGuestClock(machine) : await describeClock(machine);
      return ["The virtual machine runs again.", clock].filter(Boolean).join(" ");
    },
  },
  "set-clock": {
    help: "Set the guest's clock, which is behind after a pause. Needs guest tools that run as root.",
    act: (machine) => setGuestClock(machine),
  },
  kill: {
    help: "Force off: end the virtual machine at once, without a shutdown.",
    act: async (machine) => {
      await machine.kill();
      return "The virtual machine was forced off.";
    },
  },
};

/** `tinsmith power`. */
export function powerCommand(): Command {
  const command = new Command("power").description(
    "Shut down, reset, pause, resume or force off a running virtual machine.",
  );
  for (const [name, { help, act }] of Object.entries(actions)) {
    const subcommand = new Command(name).description(help).addOption(options.session());
    if (name === "resume") subcommand.option("--set-clock", "set the guest's clock, as set-clock does");
    command.addCommand(
      subcommand.action((given: { session?: string; setClock?: boolean }) =>
        (name === "set-clock" ? runWithGuest : runAttached)(given, async ({ api }) => {
          print(`${await act(api.machine, given)}\n`);
          return undefined;
        }),
      ),
    );
  }
  return command;
}

async function setGuestClock(machine: Api): Promise<string> {
  const { behindSeconds } = await machine.setClock();
  return `The guest's clock was set; it was ${formatDuration(behindSeconds * 1000)} behind.`;
}

/** Says that the guest's clock is behind, if it is. */
async function describeClock(machine: Api): Promise<string> {
  const state = await machineStateNow(machine);
  return state.status === "none" || !state.clockBehind
    ? ""
    : `Its guest's clock is ${formatDuration(state.clockBehind * 1000)} behind: tinsmith power set-clock sets it.`;
}
