import { AppError } from "../../../shared/errors/errors.ts";
import type { SessionSummary } from "../../../shared/session/session-summary.ts";
import { findChosenSet } from "../builds/chosen-set.ts";
import { sessions } from "../connection/app-state.ts";
import { sessionInFront } from "../focus/focused-session.ts";
import {
  askToKill,
  composeAction,
  openShell,
  showActionLog,
  showBreakpoints,
  showFiles,
  showReplay,
} from "../guest/guest-actions.ts";
import { openDialog } from "../messages/dialogs.ts";
import { killObstacle } from "../runs/kill-obstacle.ts";
import { sessionLog } from "../sessions/session-log.ts";
import { stopObstacle } from "../sessions/stop-session.ts";
import type { Command } from "./commands.ts";

const noRun = "No image has been run yet";

/** The commands for images and the guests that run them. */
export const runCommands: readonly Command[] = [
  { id: "run.start", title: "Run an image…", group: "Run", run: openRunDialog },
  {
    id: "run.kept-checkpoints",
    title: "Kept checkpoints…",
    group: "Run",
    run: () => openDialog({ name: "kept-checkpoints" }),
  },
  {
    id: "run.files",
    title: "List the guest's files",
    group: "Run",
    get unavailable() {
      return guestObstacle();
    },
    run: () => showFiles(guestSession()),
  },
  {
    id: "run.shell",
    title: "Open a shell in the guest",
    group: "Run",
    get unavailable() {
      return guestObstacle();
    },
    run: () => openShell(guestSession()),
  },
  {
    id: "run.kill",
    title: "Kill the task…",
    group: "Run",
    get unavailable() {
      const run = findGuestSession();
      return guestObstacle() ?? (run && killObstacle(sessionLog(run.id).getState().run));
    },
    run: () => askToKill(guestSession()),
  },
  {
    id: "run.replace-tools",
    title: "Replace the guest tools…",
    group: "Run",
    get unavailable() {
      return guestObstacle();
    },
    run: () => openDialog({ name: "replace-tools", session: guestSession() }),
  },
  {
    id: "run.action",
    title: "Send an action…",
    group: "Run",
    get unavailable() {
      return guestObstacle();
    },
    run: () => composeAction(guestSession()),
  },
  {
    id: "run.log",
    title: "Action log",
    group: "Run",
    get unavailable() {
      return findGuestSession() ? undefined : noRun;
    },
    run: () => showActionLog(guestSession()),
  },
  {
    id: "run.breakpoints",
    title: "Breakpoints",
    group: "Run",
    get unavailable() {
      return (buildInFront() ?? findGuestSession()) ? undefined : noRun;
    },
    run: () => showBreakpoints(buildInFront()?.id ?? guestSession()),
  },
  {
    id: "run.replay",
    title: "Replay",
    group: "Run",
    get unavailable() {
      const session = buildInFront() ?? findGuestSession();
      if (!session) return noRun;
      return session.status === "running" ? "The session is still running" : undefined;
    },
    run: () => showReplay(buildInFront()?.id ?? guestSession()),
  },
];

function openRunDialog(): void {
  const set = findChosenSet();
  const archive = set?.worker.archive ?? set?.setup.archive;
  openDialog({ name: "run", archive: archive?.path ?? "" });
}

/** The reason why the guest of the run that commands mean can't be asked; undefined when it can. */
function guestObstacle(): string | undefined {
  const run = findGuestSession();
  if (!run) return noRun;
  if (run.status === "running") return stopObstacle(run.id);
  return run.id === sessionInFront() ? "The run has ended" : "No run is open";
}

/** The run whose panel is in front, else the newest one that runs, else the newest one. */
function findGuestSession(): SessionSummary | undefined {
  const known = sessions.getState().value ?? [];
  const runs = known.filter(({ kind }) => kind === "run" || kind === "meta");
  const shown = sessionInFront();
  return runs.find(({ id }) => id === shown) ?? runs.find(({ status }) => status === "running") ?? runs[0];
}

/** The build whose panel is in front: its guest, too, exchanges messages with the host. */
function buildInFront(): SessionSummary | undefined {
  const shown = sessionInFront();
  return sessions.getState().value?.find(({ id, kind }) => id === shown && kind === "build");
}

/** As `findGuestSession`. @throws AppError `no-session` when there is none */
function guestSession(): string {
  const found = findGuestSession();
  if (found) return found.id;
  throw new AppError({
    code: "no-session",
    message: "no image has been run yet, so there is no guest to ask",
    advice: "Click Run… in the toolbar.",
  });
}
