import type { CommandRunner } from "../process/run-command.ts";
import { type PersonalTerminal, typeFrom } from "../session/host-terminal/typed-input.ts";
import type { ServedSession } from "../session/serve/served-session.ts";
import type { BuildReport } from "./build-step.ts";

interface CommandsOptions {
  /** The terminal of a person who can answer the commands. */
  readonly input: PersonalTerminal | undefined;
  readonly report: BuildReport;
  readonly signal: AbortSignal;
}

/** Runs a build's commands of the host's on the session's terminal, and reports them. */
export function commandsOnHost(
  session: ServedSession,
  { input, report, signal }: CommandsOptions,
): { readonly run: CommandRunner } & Disposable {
  const typing = typeFrom(input, session.host);
  const run = typing.hideWhile(
    session.host.runner({
      signal,
      onStarted: (argv) => report({ type: "command-started", command: argv.join(" ") }),
      onExit: (exit) => report({ type: "command-ended", exit }),
      onLine: (text) => report({ type: "output", text }),
      onUnfinishedLine: (line) => input?.showLine(line),
      onWaiting: (awaited) => {
        report(awaited ? { type: "command-waits", ...awaited } : { type: "command-continues" });
        typing.listen(awaited !== undefined);
      },
    }),
  );
  return { run, [Symbol.dispose]: () => typing[Symbol.dispose]() };
}
