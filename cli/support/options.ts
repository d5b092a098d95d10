import { InvalidArgumentError, Option } from "commander";
import { leastVncPort } from "../../shared/contracts/plan.ts";
import { limits } from "../../shared/limits.ts";
import { type PortForward, parsePortForward, portForwardForm } from "../../shared/session/port-forward.ts";

/** A parser for an option's value: decimal digits and nothing else. @param what "a whole number of MiB" */
function numberFrom(least: number, most: number, what: string): (text: string) => number {
  return (text) => {
    const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (number >= least && number <= most) return number;
    throw new InvalidArgumentError(`It must be ${what} from ${least} to ${most}.`);
  };
}

/** A parser for a whole number from 1 on. */
export const wholeNumber = (most: number, unit: string) => numberFrom(1, most, `a whole number of ${unit}`);

/** A parser for the port that an option names. */
export function port(least = 0): (text: string) => number {
  return numberFrom(least, limits.port, "a port");
}

function addForward(text: string, all: PortForward[] = []): PortForward[] {
  const forward = parsePortForward(text);
  if (!forward) throw new InvalidArgumentError(`It must be ${portForwardForm}.`);
  return [...all, forward];
}

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string>>;

export function addVariable(text: string, variables: Environment = {}): Environment {
  const [, name, given] = /^([^=]+)(?:=(.*))?$/s.exec(text) ?? [];
  if (name === undefined) throw new InvalidArgumentError("It must be NAME=VALUE, or NAME.");
  // JSON's readers lose this name, and no other.
  if (name === "__proto__") throw new InvalidArgumentError("A variable can't have this name.");
  const value = given ?? process.env[name];
  if (value === undefined)
    throw new InvalidArgumentError("There is no environment variable of that name to take the value from.");
  return { ...variables, [name]: value };
}

/** Options that several commands take, each with one meaning everywhere. */
export const options = {
  timings: () => new Option("--timings", "print how long each part took, at the end"),
  json: () => new Option("--json", "print events as JSON, one a line, on stdout"),
  memory: () =>
    new Option("--memory <MiB>", "memory of the virtual machine").argParser(
      wholeNumber(limits.memory, "MiB"),
    ),
  warm: () =>
    new Option(
      "--warm",
      "continue from the image's saved state instead of booting; without one, boot and save it first",
    ),
  timeout: () =>
    new Option("--timeout <SECONDS>", "give up after this time, the boot included").argParser(
      wholeNumber(limits.timeout, "seconds"),
    ),
  vnc: () =>
    new Option("--vnc <PORT>", "show the screen to VNC viewers on this port of localhost").argParser(
      port(leastVncPort),
    ),
  forward: () =>
    new Option(
      "--forward <HOST:GUEST>",
      "let this port of localhost lead to that port of the guest; may be repeated",
    ).argParser(addForward),
  size: (description: string) =>
    new Option("--size <GIB>", description).argParser(wholeNumber(limits.diskSize, "GiB")),
  internet: () => new Option("--internet", "let the guest reach the internet, and this host's loopback"),
  keepFailed: () =>
    new Option("--keep-failed", "when the build fails, leave its guest running until this command is ended"),
  session: () =>
    new Option(
      "--session <ID>",
      "the running session, as tinsmith sessions lists them; optional if only one session runs",
    ),
  noTty: () =>
    new Option("--no-tty", "give the command no terminal: lines end in LF, and its input is empty"),
  exitStatus: () =>
    new Option("--exit-status", "exit with the command's own exit status, and with 125 when there is none"),
  env: () =>
    new Option(
      "--env <NAME=VALUE>",
      "a variable of the command's environment; NAME alone takes the value of that variable here; may be repeated",
    ).argParser(addVariable),
  recipe: () =>
    new Option(
      "--recipe <FOLDER>",
      "the image set: a folder with a recipe.yaml; images/microcore without it, here or of the user's own",
    ),
  rules: () =>
    new Option("--rules <FILE>", "apply the rules of this file to the messages between guest and host"),
  setRules: () => new Option("--set-rules", "apply the rules.yaml of the image set").conflicts("rules"),
  waitForWindow: () =>
    new Option(
      "--wait-for-window",
      "let breakpoints hold messages before a window shows them; without it, they hold nothing until then",
    ),
  letVmRun: () =>
    new Option(
      "--let-vm-run",
      "let the VM run while breakpoints hold messages; without it, Tinsmith pauses the VM",
    ),
  boot: () => new Option("--boot <ISO>", "ISO that the guest boots from while its disk doesn't boot"),
  bootEntry: () =>
    new Option(
      "--boot-entry <ENTRY>",
      "boot this Linux kernel of the ISO, with a serial console, in the ISO's place: a title or number of tinsmith iso",
    ),
};
