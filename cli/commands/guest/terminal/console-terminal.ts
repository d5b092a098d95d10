import { attach } from "../../../../core/session/client/attach.ts";
import type { Paths } from "../../../../core/storage/paths.ts";
import { toAppError } from "../../../../shared/errors/errors.ts";
import type { BuildEvent } from "../../../../shared/session/build.ts";
import { divertMessages, printNote } from "../../../support/print.ts";
import { createEscapeFilter } from "./escape-sequence.ts";
import { enterRawMode } from "./raw-terminal.ts";
import { passInput } from "./shell-input.ts";

/** The serial console of a build's guest, in the terminal of the command. Disposing it leaves the console. */
interface ConsoleTerminal extends Disposable {
  /** Takes the events of the build: the console is there while its virtual machine runs. */
  readonly onBuildEvent: (event: BuildEvent) => void;
}

const lineFeed = 0x0a;
const howToLeave =
  "This is the guest's serial console, and what you type is recorded. The installation ends when the guest powers off. ~. at the beginning of a line leaves the console.";
const hasLeft =
  "You have left the serial console. Continue in the window (tinsmith serve), or press Ctrl-C to cancel the installation.";

export function createConsoleTerminal(paths: Paths): ConsoleTerminal {
  let session = "";
  let joined: Disposable | undefined;
  const leave = () => {
    joined?.[Symbol.dispose]();
    joined = undefined;
  };
  return {
    onBuildEvent: (event) => {
      if (event.type === "build-started") session = event.session;
      if (event.type !== "step-started") return;
      if (event.step === "boot") joined ??= joinConsole(paths, session);
      if (event.step === "pack") leave();
    },
    [Symbol.dispose]: leave,
  };
}

/** Joins the terminal to a session's serial console, as soon as it is open, until it is disposed of. */
function joinConsole(paths: Paths, id: string): Disposable {
  const cleanup = new DisposableStack();
  const join = async () => {
    const session = cleanup.use(await attach(paths, id));
    let isLineStart = true;
    const beginLine = (lineEnd: string) => {
      if (!isLineStart) process.stdout.write(lineEnd);
      isLineStart = true;
    };
    printNote(howToLeave);
    const console = await session.openConsole((bytes, consumed) => {
      isLineStart = bytes.at(-1) === lineFeed;
      process.stdout.write(bytes, () => consumed());
    });
    cleanup.use(console);
    cleanup.defer(() => beginLine("\n"));
    cleanup.use(enterRawMode());
    const showMessage = (text: string) => {
      beginLine("\r\n");
      process.stderr.write(text.replaceAll("\n", "\r\n"));
    };
    cleanup.use(divertMessages(showMessage));
    const onLeave = () => {
      cleanup.dispose();
      printNote(hasLeft);
    };
    // A terminal that is gone types nothing more.
    const input = { write: console.write, end: async () => {} };
    cleanup.use(passInput(process.stdin, input, { tty: false, filter: createEscapeFilter(), onLeave }));
  };
  join().catch((error) => {
    // It was left before it was open.
    if (cleanup.disposed) return;
    cleanup.dispose();
    printNote(`The serial console is not shown in this terminal: ${toAppError(error).message}.`);
  });
  return cleanup;
}
