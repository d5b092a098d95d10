import type { SessionSummary } from "../../shared/session-summary.ts";
import { sessions } from "./app-state.ts";
import { type SessionPanel, showSessionPanel } from "./panels.ts";

type SessionKind = SessionSummary["kind"];

/** The panels with which a session of each kind is opened, the main one first. */
const panelsOf: Readonly<Record<SessionKind, readonly [SessionPanel, ...SessionPanel[]]>> = {
  build: ["build", "serial", "screen"],
  run: ["run", "serial", "screen", "exchanges"],
  meta: ["run", "exchanges"],
};

/** The panels that tell how a session goes as a whole; they are named after it. */
const mainPanels: ReadonlySet<string> = new Set(Object.values(panelsOf).map(([main]) => main));

export function isMainPanel(component: string): boolean {
  return mainPanels.has(component);
}

/** Shows a session: its main panel in front, and its others behind where they are not open yet. */
export function showSession({ id, kind }: Pick<SessionSummary, "id" | "kind">): void {
  const [main, ...others] = panelsOf[kind];
  showSessionPanel(main, id);
  for (const panel of others) showSessionPanel(panel, id, { isBehind: true });
}

/** What is known of a session, once the list of them has it. */
export function findSession(id: string): SessionSummary | undefined {
  return sessions.getState().value?.find((session) => session.id === id);
}
