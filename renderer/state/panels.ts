import type { DockviewApi } from "dockview-react";

/** The kinds of panels, by the name of the component that draws them. */
export type PanelKind = "library" | "sessions" | "doctor" | "welcome" | "build" | "serial";

let dock: DockviewApi | undefined;

export function setDock(api: DockviewApi | undefined): void {
  dock = api;
}

/** Shows a panel of which there is one; it is opened where it belongs when it is not there. */
export function showPanel(kind: "library" | "sessions" | "doctor", title: string): void {
  const panel = dock?.getPanel(kind);
  if (panel) panel.api.setActive();
  else dock?.addPanel({ id: kind, component: kind, title, ...placeOf(kind) });
}

export function closeActivePanel(): void {
  dock?.activePanel?.api.close();
}

/** Names a session's panels after it, once its title is known. */
export function nameSessionPanels(session: string, title: string): void {
  dock?.getPanel(`build:${session}`)?.api.setTitle(title);
  dock?.getPanel(`serial:${session}`)?.api.setTitle(`Serial of ${title.replace(/^[A-Z]/, lower)}`);
}

const lower = (letter: string) => letter.toLowerCase();

/** Shows the panels of a session: how it goes, and its serial console. */
export function showSession(session: string): void {
  const build = dock?.getPanel(`build:${session}`);
  if (build) {
    build.api.setActive();
    return;
  }
  dock?.addPanel({
    id: `build:${session}`,
    component: "build",
    title: "Build",
    params: { session },
    ...placeOf("build"),
  });
  dock?.addPanel({
    id: `serial:${session}`,
    component: "serial",
    title: "Serial",
    params: { session },
    inactive: true,
    ...placeOf("serial"),
  });
}

/** Lists stand at the left; all else is in the middle, as tabs. */
function placeOf(kind: PanelKind) {
  const isList = kind === "library" || kind === "sessions";
  const neighbour = dock?.panels.find(({ api }) => isListPanel(api.component) === isList);
  if (neighbour) return { position: { referencePanel: neighbour, direction: "within" } as const };
  return isList
    ? { position: { direction: "left" } as const, initialWidth: listWidth }
    : { position: { direction: "right" } as const };
}

/** Pixels. */
const listWidth = 300;

function isListPanel(component: string): boolean {
  return component === "library" || component === "sessions";
}

const storageKey = "tinsmith.layout";

/** Puts the panels where they were, or, the first time, where they belong; and remembers where they are put. */
export function restoreLayout(): void {
  if (!dock) return;
  const stored = localStorage.getItem(storageKey);
  if (!stored || !tryLayout(stored)) resetLayout();
  dock.onDidLayoutChange(() => localStorage.setItem(storageKey, JSON.stringify(dock?.toJSON())));
}

/** Puts the panels where they belong: lists at the left, the welcome page in the middle. */
export function resetLayout(): void {
  if (!dock) return;
  const sessions = dock.panels.flatMap(({ api, params }) =>
    api.component === "build" ? [params?.session] : [],
  );
  dock.clear();
  dock.addPanel({ id: "welcome", component: "welcome", title: "Welcome" });
  showPanel("library", "Library");
  showPanel("sessions", "Sessions");
  showPanel("library", "Library");
  for (const session of sessions) showSession(session);
}

/** A layout that an older version stored may not fit any more. */
function tryLayout(stored: string): boolean {
  try {
    dock?.fromJSON(JSON.parse(stored));
    return true;
  } catch {
    return false;
  }
}
