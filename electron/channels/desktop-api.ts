import { implement } from "@orpc/server";
import { StandardRPCHandler } from "@orpc/server/standard";
import type { BrowserWindow } from "electron";
import { sendErrors } from "../../shared/contracts/calls.ts";
import { desktopContract, type MenuCommand } from "../../shared/contracts/desktop-contract.ts";
import type { EndedSessions } from "../lifecycle/ended-sessions.ts";
import { choosePath } from "../menu/choose-path.ts";
import type { Wishes } from "./window-requests.ts";

interface DesktopSource {
  readonly window: () => BrowserWindow;
  readonly wishes: Wishes;
  readonly offerCommands: (commands: readonly MenuCommand[]) => void;
  readonly remember: (path: string) => void;
  readonly endedSessions: EndedSessions;
  readonly takeUnsaved: (files: readonly string[]) => void;
}

/** Serves the desktop's contract. */
export function createDesktopApi({
  window,
  wishes,
  offerCommands,
  remember,
  endedSessions,
  takeUnsaved,
}: DesktopSource) {
  const api = implement(desktopContract);
  const router = api.router({
    choosePath: api.choosePath.handler(async ({ input }) => ({ path: await choosePath(window(), input) })),
    offerCommands: api.offerCommands.handler(({ input }) => offerCommands(input)),
    rememberPath: api.rememberPath.handler(({ input }) => remember(input.path)),
    wishes: api.wishes.handler(({ signal }) => wishes.take(signal)),
    endedSessions: api.endedSessions.handler(() => ({ sessions: [...endedSessions.get()] })),
    forgetEndedSessions: api.forgetEndedSessions.handler(() => endedSessions.forget()),
    tellUnsaved: api.tellUnsaved.handler(({ input }) => takeUnsaved(input.files)),
  });
  return new StandardRPCHandler(router, { clientInterceptors: [sendErrors] });
}
