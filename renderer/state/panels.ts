import type { AddPanelOptions, DockviewApi } from "dockview-react";
import { fileName } from "./file-name.ts";

/** The panels of which there is one. */
export type LonePanel = "library" | "sessions" | "doctor" | "welcome";
/** The panels that show something of a session. */
export type SessionPanel = "build" | "serial" | "screen" | "run" | "exchanges" | "files" | "shell";
/** The panels that show a file. */
type FilePanel = "editor";
/** The kinds of panels, by the name of the component that draws them. */
export type PanelKind = LonePanel | SessionPanel | FilePanel;

/** What a panel of a session is given. */
export interface SessionPanelParams {
  readonly session: string;
  /** Tells apart several panels of a kind that one session has. */
  readonly instance?: string;
}

/** What a panel of a file is given. */
export interface FilePanelParams {
  /** Its path. */
  readonly file: string;
}

/** Where panels stand: lists at the left, what is followed beside the work at the right, all else in the middle. */
type Place = "left" | "middle" | "right";

const panels: Readonly<Record<PanelKind, { readonly title: string; readonly place: Place }>> = {
  library: { title: "Library", place: "left" },
  sessions: { title: "Sessions", place: "left" },
  doctor: { title: "Doctor", place: "middle" },
  welcome: { title: "Welcome", place: "middle" },
  build: { title: "Build", place: "middle" },
  serial: { title: "Serial", place: "middle" },
  editor: { title: "Editor", place: "middle" },
  screen: { title: "Screen", place: "middle" },
  run: { title: "Run", place: "middle" },
  exchanges: { title: "Action log", place: "right" },
  files: { title: "Files", place: "middle" },
  shell: { title: "Shell", place: "middle" },
};

/** Of the panels that are not in the middle: pixels, and how much of a narrow window they may take. */
/** Below this the lists' rows run into each other; a window that is made smaller takes its width from the middle. Pixels. */
const leastSide = 220;
const sides = { left: { width: 300, share: 0.27 }, right: { width: 440, share: 0.36 } } as const;

let dock: DockviewApi | undefined;

export function setDock(api: DockviewApi | undefined): void {
  dock = api;
}

/** The panels' library itself, once it is there. */
export function currentDock(): DockviewApi | undefined {
  return dock;
}

/** Shows a panel of which there is one; it is opened where it belongs when it is not there. */
export function showPanel(kind: LonePanel): void {
  show(kind, { component: kind });
}

interface ShowSessionPanelOptions {
  /** Tells apart several panels of a kind that one session has. */
  readonly instance?: string;
  /** The panel's own name, when its kind's does not do. */
  readonly title?: string;
  /** Opens it behind the one that is shown there. */
  readonly isBehind?: boolean;
  /** What else the panel is given. */
  readonly params?: Readonly<Record<string, unknown>>;
}

/** Shows a panel of a session; it is opened where it belongs when it is not there. */
export function showSessionPanel(
  kind: SessionPanel,
  session: string,
  { instance, title, isBehind = false, params }: ShowSessionPanelOptions = {},
): void {
  const id = [kind, session, ...(instance ? [instance] : [])].join(":");
  const given: SessionPanelParams = { ...params, session };
  show(id, { component: kind, params: given, ...(title && { title }) }, isBehind);
}

/** Shows a file's editor; it is opened where it belongs when it is not there. */
export function showFilePanel(file: string): void {
  const params: FilePanelParams = { file };
  show(`editor:${file}`, { component: "editor", title: fileName(file), params });
}

interface PanelOptions {
  readonly component: PanelKind;
  readonly title?: string;
  readonly params?: SessionPanelParams | FilePanelParams;
}

function show(id: string, options: PanelOptions, isBehind = false): void {
  const panel = dock?.getPanel(id);
  if (panel) {
    if (!isBehind) panel.api.setActive();
    return;
  }
  const { title, place } = panels[options.component];
  const left = panelAt("left")?.group;
  const leftWidth = left?.width ?? 0;
  const opened = dock?.addPanel({
    id,
    title,
    inactive: isBehind,
    ...options,
    ...(place === "middle" ? {} : { minimumWidth: leastSide }),
    ...positionOf(place),
  });
  // It has said what to do first, and this is being done.
  if (place === "middle" && options.component !== "welcome") dock?.getPanel("welcome")?.api.close();
  // The library makes the first panel of a place as wide as it likes.
  if (place === "middle" || opened?.group.panels.length !== 1) return;
  const { width, share } = sides[place];
  // What one side takes, it takes of the middle.
  if (place === "right") left?.api.setSize({ width: leftWidth });
  opened.api.setSize({ width: Math.min(width, (dock?.width ?? width) * share) });
}

/** Whether there is a panel in the middle, where the work is. */
export function hasMiddle(): boolean {
  return panelAt("middle") !== undefined;
}

function panelAt(wanted: Place) {
  return dock?.panels.find(({ api }) => placeOf(api.component) === wanted);
}

/** Beside the first panel that stands in the same place, else at its edge. */
function positionOf(place: Place): Pick<AddPanelOptions, "position"> {
  const neighbour = panelAt(place);
  if (neighbour) return { position: { referencePanel: neighbour, direction: "within" } };
  const right = panelAt("right");
  if (place === "middle" && right) return { position: { referencePanel: right, direction: "left" } };
  return { position: { direction: place === "left" ? "left" : "right" } };
}

function placeOf(component: string): Place | undefined {
  return component in panels ? panels[component as PanelKind].place : undefined;
}
