import { InvalidArgumentError, Option } from "commander";

/** A parser for an option's value. */
export function wholeNumber(least: number, most: number, unit: string): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (Number.isInteger(number) && number >= least && number <= most) return number;
    throw new InvalidArgumentError(`It must be a whole number of ${unit} from ${least} to ${most}.`);
  };
}

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string>>;

function addVariable(text: string, variables: Environment = {}): Environment {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError("It must be NAME=VALUE.");
  return { ...variables, [name]: value };
}

/** Options that several commands take, each with one meaning everywhere. */
export const options = {
  json: () => new Option("--json", "print events as JSON, one a line, on stdout"),
  memory: () =>
    new Option("--memory <MiB>", "memory of the virtual machine").argParser(wholeNumber(1, 1048576, "MiB")),
  timeout: () =>
    new Option("--timeout <SECONDS>", "give up after this time").argParser(
      wholeNumber(1, 604_800, "seconds"),
    ),
  vnc: () =>
    new Option("--vnc <PORT>", "show the screen to VNC viewers on this port of localhost").argParser(
      wholeNumber(5900, 65535, "a port"),
    ),
  size: () => new Option("--size <GIB>", "size of the disk").argParser(wholeNumber(1, 49, "GiB")).default(1),
  internet: () => new Option("--internet", "let the guest reach the internet, and this host's loopback"),
  keepFailed: () =>
    new Option("--keep-failed", "when the build fails, leave its guest running until this command is ended"),
  session: () =>
    new Option(
      "--session <ID>",
      "which running session, as tinsmith sessions lists them; needless for the only one",
    ),
  env: () =>
    new Option("--env <NAME=VALUE>", "a variable of the command's environment; may be repeated").argParser(
      addVariable,
    ),
  recipe: () =>
    new Option(
      "--recipe <FOLDER>",
      "the image set: a folder with a recipe.yaml; images/microcore without it, here or of the user's own",
    ),
  boot: () => new Option("--boot <ISO>", "ISO that the guest boots from while its disk doesn't boot"),
};
