import { text } from "node:stream/consumers";
import { Command } from "commander";
import { options } from "../../support/options.ts";
import { print } from "../../support/print.ts";
import { runWithGuest } from "./attached.ts";

interface Options {
  readonly session?: string;
  readonly include?: boolean;
}

/** `tinsmith action`. */
export function actionCommand(): Command {
  return new Command("action")
    .description("Send the guest tools any action, also a malformed or unknown one, and print their reply.")
    .argument("[ACTION]", "the action as JSON; without it, it is read from stdin")
    .option("-i, --include", "print the method and the headers of the reply before its body")
    .addOption(options.session())
    .action((action: string | undefined, given: Options) =>
      runWithGuest(given, async ({ api }, signal) => {
        const input = { text: action ?? (await text(process.stdin)) };
        const { method, headers, body } = await api.guest.performComposed(input, { signal });
        if (given.include)
          print(`${[method, ...headers.map(([name, value]) => `${name}: ${value}`), "", ""].join("\n")}`);
        const bytes = Buffer.from(body, "base64");
        // A terminal obeys some characters.
        if (process.stdout.isTTY) print(`${bytes}`);
        else process.stdout.write(bytes);
        return undefined;
      }),
    )
    .addHelpText(
      "after",
      `
Tinsmith adds an id if the action is an object without one. It sends any other text as it is. It prints the first MiB of
the reply, and the action log has it, too.

Exit status: 0 the guest tools replied, 2 wrong usage, 3 they did not reply, 5 trouble on this host.

Examples:
  $ tinsmith action '{"type": "list-folder", "path": "/etc/init.d", "command": [], "tty": false}'
  $ tinsmith action --include '{"type": "reboot"}'`,
    );
}
