import { InvalidArgumentError, Option } from "commander";

function wholeNumber(least: number, most: number, unit: string): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (Number.isInteger(number) && number >= least && number <= most) return number;
    throw new InvalidArgumentError(`It must be a whole number of ${unit} from ${least} to ${most}.`);
  };
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
  recipe: () =>
    new Option("--recipe <FOLDER>", "the image set: a folder with a recipe.yaml").default("images/microcore"),
  boot: () => new Option("--boot <ISO>", "ISO that the guest boots from while its disk doesn't boot"),
};
