import { implement } from "@orpc/server";
import { StandardRPCHandler } from "@orpc/server/standard";
import type { BrowserWindow } from "electron";
import { sendErrors } from "../../shared/contracts/calls.ts";
import { desktopContract, type MenuCommand } from "../../shared/contracts/desktop-contract.ts";
import type { EndedSessions } from "../lifecycle/ended-sessions.ts";
import { choosePath } from "../menu/choose-path.ts";
import type { WindowRequests } from "./window-requests.ts";

interface DesktopSource {
  readonly window: () => BrowserWindow;
  readonly windowRequests: WindowRequests;
  readonly registerCommands: (commands: readonly MenuCommand[]) => void;
  readonly remember: (path: string) => void;
  readonly endedSessions: EndedSessions;
  readonly takeUnsaved: (files: readonly string[]) => void;
}

/** Serves the desktop's contract. */
export function createDesktopApi({
  window,
  windowRequests,
  registerCommands,
  remember,
  endedSessions,
  takeUnsaved,
}: DesktopSource) {
  const api = implement(desktopContract);
  const router = api.router({
    choosePath: api.choosePath.handler(async ({ input }) => ({ path: await choosePath(window(), input) })),
    registerCommands: api.registerCommands.handler(({ input }) => registerCommands(input)),
    rememberPath: api.rememberPath.handler(({ input }) => remember(input.path)),
    windowRequests: api.windowRequests.handler(({ signal }) => windowRequests.take(signal)),
    endedSessions: api.endedSessions.handler(() => ({ sessions: [...endedSessions.get()] })),
    forgetEndedSessions: api.forgetEndedSessions.handler(() => endedSessions.forget()),
    tellUnsaved: api.tellUnsaved.handler(({ input }) => takeUnsaved(input.files)),
  });
  return new StandardRPCHandler(router, { clientInterceptors: [sendErrors] });
}
