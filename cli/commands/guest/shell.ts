import { Command } from "commander";
import type { AttachedSession } from "../../../core/session/client/attach.ts";
import { AppError } from "../../../shared/errors/errors.ts";
import type { ShellClient, ShellOutputStream } from "../../../shared/guest/shell-client.ts";
import { exitStatus } from "../../support/exit-status.ts";
import { options } from "../../support/options.ts";
import { runWithGuest } from "./attached.ts";
import { createEscapeFilter } from "./terminal/escape-sequence.ts";
import { enterRawMode } from "./terminal/raw-terminal.ts";
import { passInput } from "./terminal/shell-input.ts";

interface Options {
  readonly session?: string;
  readonly tty?: boolean;
}

/** `tinsmith shell`. */
export function shellCommand(): Command {
  return new Command("shell")
    .description("Run a command in the guest, or its shell, with this terminal or pipe.")
    .argument("[COMMAND...]", "the command and its arguments; the guest's own shell when there is none")
    .addOption(options.session())
    .option("--tty", "give the command a terminal; the default when stdin and stdout are terminals")
    .option("--no-tty", "give the command no terminal: its output and errors stay separate, byte for byte")
    .action((command: string[], given: Options) =>
      runWithGuest(given, (session, signal) => runShell(session, command, given, signal)),
    )
    .addHelpText(
      "after",
      `
In a terminal, ~. at the beginning of a line leaves a shell that does not answer; ~~ there is one tilde.

Exit status: 0 the command succeeded, 1 it failed, 3 the guest did not answer.

Examples:
  $ tinsmith shell
  $ tinsmith shell --no-tty -- tar -c /etc > etc.tar`,
    );
}

async function runShell(
  session: AttachedSession,
  command: readonly string[],
  given: Options,
  signal: AbortSignal,
): Promise<number> {
  const { stdin, stdout } = process;
  const tty = given.tty ?? (stdin.isTTY && stdout.isTTY);
  const left = new AbortController();
  const ready = Promise.withResolvers<void>();
  const shell = await session.openShell(
    { command, tty },
    {
      signal: AbortSignal.any([signal, left.signal]),
      // The first output may come with the news that the shell is open.
      onOutput: (...output) => void ready.promise.then(() => writeOutput(...output)),
    },
  );
  using cleanup = new DisposableStack();
  if (tty) cleanup.use(followSize(shell));
  const isTyped = tty && stdin.isTTY;
  if (isTyped) cleanup.use(enterRawMode());
  cleanup.use(
    passInput(stdin, shell, {
      tty,
      filter: isTyped ? createEscapeFilter() : (bytes) => ({ bytes, leaves: false }),
      onLeave: () => left.abort(leftShell()),
    }),
  );
  ready.resolve();
  const { success } = await shell.ended;
  return success ? exitStatus.success : exitStatus.failed;
}

/** Output that is not read from here is not acknowledged, so that a slow reader slows the command. */
function writeOutput(stream: ShellOutputStream, bytes: Uint8Array, consumed: () => void): void {
  process[stream].write(bytes, () => consumed());
}

/** Tells the size of this terminal now, and whenever it changes. */
function followSize(shell: ShellClient): Disposable {
  const { stdout } = process;
  // For a terminal without a size, and a pipe, the size that most programs assume then.
  const tell = () => shell.resize(stdout.columns || 80, stdout.rows || 24);
  tell();
  stdout.on("resize", tell);
  return { [Symbol.dispose]: () => stdout.off("resize", tell) };
}

function leftShell(): AppError {
  return new AppError({ code: "interrupted", message: "left the shell, and killed its command" });
}
