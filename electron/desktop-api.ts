import { implement } from "@orpc/server";
import { RPCHandler } from "@orpc/server/ws";
import type { BrowserWindow } from "electron";
import { sendErrors } from "../shared/api-calls.ts";
import { desktopContract, type MenuCommand } from "../shared/desktop-contract.ts";
import { choosePath } from "./choose-path.ts";
import type { Wishes } from "./wishes.ts";

interface DesktopSource {
  readonly window: () => BrowserWindow;
  readonly wishes: Wishes;
  readonly offerCommands: (commands: readonly MenuCommand[]) => void;
  readonly remember: (path: string) => void;
}

/** Serves the desktop's contract. */
export function createDesktopApi({ window, wishes, offerCommands, remember }: DesktopSource) {
  const api = implement(desktopContract);
  const router = api.router({
    choosePath: api.choosePath.handler(async ({ input }) => ({ path: await choosePath(window(), input) })),
    offerCommands: api.offerCommands.handler(({ input }) => offerCommands(input)),
    rememberPath: api.rememberPath.handler(({ input }) => remember(input.path)),
    wishes: api.wishes.handler(({ signal }) => wishes.take(signal)),
    showProgress: api.showProgress.handler(({ input: { progress } }) =>
      // Below 0 it is hidden, above 1 it shows that something goes on.
      window().setProgressBar(typeof progress === "number" ? progress : progress === "none" ? -1 : 2),
    ),
  });
  return new RPCHandler(router, { clientInterceptors: [sendErrors] });
}
