import type { SessionDescription } from "../../shared/api.ts";
import type { OffChoice } from "../../shared/build.ts";
import { createExchangeRecorder, type ExchangeRecorder } from "../meta/exchange-recorder.ts";
import type { Paths } from "../paths.ts";
import type { KeepFailed } from "./keep-failed.ts";
import type { OfferedGuest } from "./offered-guest.ts";
import type { OfferedMachine } from "./offered-machine.ts";
import type { PendingChoice } from "./pending-choice.ts";
import { openSession, type Session } from "./session.ts";
import { startSessionServer } from "./session-server.ts";

/** A session that others of this user's processes can find, watch, and reach the guest of. */
export interface ServedSession extends Session, AsyncDisposable {
  readonly guest: OfferedGuest;
  readonly machine: OfferedMachine;
  /** Asks whoever watches an installation by hand what to do. */
  readonly choice: PendingChoice<OffChoice>;
  readonly keepFailed: KeepFailed;
  /** Records what its MetaServices are asked, and answer. */
  readonly recorder: ExchangeRecorder;
}

/** Opens a new session, and serves it until it is disposed of. Clients have had its last event by then. */
export async function openServedSession(
  paths: Paths,
  what: Pick<SessionDescription, "title" | "kind" | "image">,
): Promise<ServedSession> {
  using cleanup = new DisposableStack();
  const session = cleanup.use(openSession(paths, what.title));
  const server = await startSessionServer(session, what);
  const recorder = createExchangeRecorder({ report: session.record, folder: session.paths.folder });
  cleanup.move();
  return {
    ...session,
    guest: server.guest,
    machine: server.machine,
    choice: server.choice,
    keepFailed: server.keepFailed,
    recorder,
    [Symbol.asyncDispose]: async () => {
      await recorder.close();
      session[Symbol.dispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}
