import type { WindowRequest } from "../../../shared/contracts/desktop-contract.ts";
import { type Desktop, desktop } from "../../client/desktop.ts";
import { requestedBuilds } from "../builds/build-obstacle.ts";
import { askForEndedSessions } from "../builds/ended-builds.ts";
import { commands, registerCommands, runCommand } from "../commands/commands.ts";
import { openPath } from "../files/open-path.ts";
import { focusedSession } from "../focus/focused-session.ts";
import { choosePath } from "../forms/choose-path.ts";
import { sayError } from "../messages/notices.ts";
import { showWhenKnown } from "../sessions/show-when-known.ts";
import { stopsAsked } from "../sessions/stop-session.ts";
import { library, sessions } from "./app-state.ts";
import { windowState } from "./window-state.ts";

/** The enabled commands depend on these stores. */
const decisive = [library, sessions, windowState, focusedSession, stopsAsked, requestedBuilds];

/** Commands come and go together, when a panel does. Milliseconds. */
const menuPause = 50;

/**
 * Keeps the desktop's menu up to date, and performs the commands that are chosen there.
 *
 * @returns a function that ends it
 */
export function followDesktop(): () => void {
  const found = desktop();
  if (!found) return () => {};
  const ends = [offerOpen(), fillMenu(found)];
  const controller = new AbortController();
  void performRequests(found, controller.signal);
  askForEndedSessions(found).catch(sayError);
  return () => {
    controller.abort();
    for (const end of ends) end();
  };
}

function offerOpen(): () => void {
  const open = async () => {
    const path = await choosePath("anything");
    if (path !== null) await openPath(path);
  };
  const openFolder = async () => {
    const path = await choosePath("folder");
    if (path !== null) await openPath(path);
  };
  return registerCommands([
    { id: "file.open", title: "Open…", group: "File", run: open },
    { id: "file.open-folder", title: "Open a folder…", group: "File", run: openFolder },
  ]);
}

function fillMenu({ api }: Desktop): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let shown = "";
  const fill = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const offered = commands.getState().all.filter(({ isHidden }) => !isHidden);
      const described = offered.map(({ id, title, group, keys, unavailable }) => ({
        id,
        title,
        group,
        ...(keys && { keys }),
        isAvailable: unavailable === undefined,
      }));
      const text = JSON.stringify(described);
      if (text === shown) return;
      shown = text;
      api.registerCommands(described).catch(sayError);
    }, menuPause);
  };
  fill();
  const ends = [commands.subscribe(fill), ...decisive.map((store) => store.subscribe(fill))];
  return () => {
    clearTimeout(timer);
    for (const end of ends) end();
  };
}

async function performRequests({ api }: Desktop, signal: AbortSignal): Promise<void> {
  for await (const request of await api.windowRequests(undefined, { signal })) performRequest(request);
}

function performRequest(request: WindowRequest): void {
  switch (request.type) {
    case "command":
      runCommand(request.id);
      break;
    case "open":
      openPath(request.path).catch(sayError);
      break;
    case "session":
      showWhenKnown(request.id);
  }
}
