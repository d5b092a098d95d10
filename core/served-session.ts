import type { SessionDescription } from "../shared/api.ts";
import type { OfferedGuest } from "./offered-guest.ts";
import type { Paths } from "./paths.ts";
import { openSession, type Session } from "./session.ts";
import { startSessionServer } from "./session-server.ts";

/** A session that others of this user's processes can find, watch, and reach the guest of. */
export interface ServedSession extends Session, AsyncDisposable {
  readonly guest: OfferedGuest;
}

/** Opens a new session, and serves it until it is disposed of. Clients have had its last event by then. */
export async function openServedSession(
  paths: Paths,
  what: Pick<SessionDescription, "title" | "kind" | "image">,
): Promise<ServedSession> {
  using cleanup = new DisposableStack();
  const session = cleanup.use(openSession(paths, what.title));
  const server = await startSessionServer(session, what);
  cleanup.move();
  return {
    ...session,
    guest: server.guest,
    [Symbol.asyncDispose]: async () => {
      session[Symbol.dispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}
