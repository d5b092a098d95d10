import { AppError } from "../../../shared/errors/errors.ts";
import type { SessionSummary } from "../../../shared/session/session-summary.ts";
import { comparisonObstacle, readableSessions } from "../comparison/comparable-sessions.ts";
import { sessionInFront } from "../focus/focused-session.ts";
import { openDialog } from "../messages/dialogs.ts";
import { askForScenario, scenarioObstacle } from "../runs/save-scenario.ts";
import type { Command } from "./commands.ts";

const noSession = "There is no session yet";

export const compareCommand: Command = {
  id: "session.compare",
  title: "Compare a session with…",
  group: "Run",
  get unavailable() {
    const session = findShownSession();
    return session ? comparisonObstacle(session.id) : noSession;
  },
  run: () => openDialog({ name: "compare", session: shownSession() }),
};

export const saveScenarioCommand: Command = {
  id: "session.save-scenario",
  title: "Save a session as a scenario…",
  group: "Run",
  get unavailable() {
    const session = findShownSession();
    return session ? scenarioObstacle(session) : noSession;
  },
  run: () => askForScenario({ id: shownSession() }),
};

export const exportCommand: Command = {
  id: "session.export",
  title: "Export a session for a bug report…",
  group: "Run",
  get unavailable() {
    return findShownSession() ? undefined : noSession;
  },
  run: () => openDialog({ name: "export", id: shownSession() }),
};

/** The session whose panel is in front, else the newest, of those that can be read. */
function findShownSession(): SessionSummary | undefined {
  const known = readableSessions();
  const shown = sessionInFront();
  return known.find(({ id }) => id === shown) ?? known[0];
}

/** As `findShownSession`. @throws AppError `no-session` when there is none */
function shownSession(): string {
  const found = findShownSession();
  if (found) return found.id;
  throw new AppError({
    code: "no-session",
    message: "there is no session yet",
    advice: "Start a build or a run first.",
  });
}
