import type { Wish } from "../../shared/desktop-contract.ts";
import { type Desktop, desktop } from "../desktop.ts";
import { sessions } from "./app-state.ts";
import { choosePath } from "./choose-path.ts";
import { commands, offerCommands, runCommand } from "./commands.ts";
import { openPath } from "./open-path.ts";
import { findSession, showSession } from "./session-panels.ts";
import { showTaskBarProgress } from "./task-bar-progress.ts";
import { sayError } from "./toasts.ts";

/** Commands come and go together, when a panel does. Milliseconds. */
const menuPause = 50;

/** Keeps the desktop's menu and task bar up to date, and does what is wished for there. @returns what ends that */
export function followDesktop(): () => void {
  const found = desktop();
  if (!found) return () => {};
  const ends = [offerOpen(), fillMenu(found), showTaskBarProgress(found)];
  const controller = new AbortController();
  void fulfilWishes(found, controller.signal);
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
  return offerCommands([
    { id: "file.open", title: "Open…", group: "File", keys: "Ctrl+O", run: open },
    { id: "file.open-folder", title: "Open a folder…", group: "File", run: openFolder },
  ]);
}

function fillMenu({ api }: Desktop): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
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
      api.offerCommands(described).catch(sayError);
    }, menuPause);
  };
  fill();
  const unsubscribe = commands.subscribe(fill);
  return () => {
    clearTimeout(timer);
    unsubscribe();
  };
}

async function fulfilWishes({ api }: Desktop, signal: AbortSignal): Promise<void> {
  for await (const wish of await api.wishes(undefined, { signal })) fulfil(wish);
}

function fulfil(wish: Wish): void {
  switch (wish.type) {
    case "command":
      runCommand(wish.id);
      break;
    case "open":
      openPath(wish.path).catch(sayError);
      break;
    case "session":
      showWhenKnown(wish.id);
  }
}

/** The list of sessions may not have it yet. */
function showWhenKnown(id: string): void {
  const known = findSession(id);
  if (known) {
    showSession(known);
    return;
  }
  const unsubscribe = sessions.subscribe(() => {
    const session = findSession(id);
    if (!session) return;
    unsubscribe();
    showSession(session);
  });
}
