import type { DockviewApi, IDockviewPanel } from "dockview-react";
import type { SessionKind } from "../../../shared/session/session-kind.ts";
import { whenClosed } from "../sessions/session-memory.ts";
import { bringToFront } from "./bring-to-front.ts";
import { forgetPart } from "./open-parts.ts";
import { currentDock } from "./panels.ts";
import { isPartKind, type Part, partId, partsOf, partTitle, placeInSession } from "./parts.ts";

/** How much of a session's tab its action log takes. */
const actionLogShare = 0.5;
/** Below this the action log's rows run into each other. Pixels. */
const leastActionLog = 220;

interface SessionDock {
  readonly kind: SessionKind;
  readonly api: DockviewApi;
}

/** The docks in the tabs of sessions that have been looked at, by their sessions. */
const docks = new Map<string, SessionDock>();
/** The parts to show as soon as a session's tab is looked at. */
const awaited = new Map<string, Part[]>();

whenClosed((isOpen) => {
  for (const session of awaited.keys()) if (!isOpen(session)) awaited.delete(session);
});

export function sessionDock(session: string): DockviewApi | undefined {
  return docks.get(session)?.api;
}

export function sessionDocks(): readonly (readonly [session: string, dock: SessionDock])[] {
  return [...docks];
}

/** Takes over the dock in a session's tab, and opens its parts in it. @returns a function that ends it */
export function addSessionDock(session: string, dock: SessionDock): () => void {
  docks.set(session, dock);
  completeSession(session);
  for (const part of awaited.get(session) ?? []) showInSession(part);
  awaited.delete(session);
  return () => {
    if (docks.get(session) === dock) docks.delete(session);
  };
}

/** Opens the parts that a session always has where they are in no place, and takes away those that it has not here. */
export function completeSession(session: string): void {
  const dock = docks.get(session);
  if (!dock) return;
  const { api, kind } = dock;
  for (const panel of api.panels) {
    const part = partOf(panel);
    if (!part || isElsewhere(part) || !belongsTo(part, kind)) panel.api.close();
  }
  for (const wanted of partsOf(kind)) {
    const part = { session, kind: wanted };
    if (!api.getPanel(wanted) && !isElsewhere(part)) addToDock(api, part, api.totalPanels > 0);
  }
}

function belongsTo({ kind }: Part, session: SessionKind): boolean {
  return (
    partsOf(session).includes(kind) ||
    kind === "breakpoints" ||
    kind === "replay" ||
    (kind === "shell" && session !== "build")
  );
}

/** Whether a part was pulled out; an action log also is when the window has one that follows the focus. */
function isElsewhere(part: Part): boolean {
  return findPulledOut(part) !== undefined || (part.kind === "exchanges" && windowHasActionLog());
}

export function findPulledOut(part: Part): IDockviewPanel | undefined {
  return currentDock()?.getPanel(partId(part));
}

export function windowHasActionLog(): boolean {
  return currentDock()?.getPanel("action-log") !== undefined;
}

/** Shows a part in its session's tab, as soon as that is looked at. */
export function showInSession(part: Part): void {
  const api = sessionDock(part.session);
  if (!api) {
    const waiting = awaited.get(part.session) ?? [];
    awaited.set(part.session, [...waiting, part]);
    return;
  }
  const panel = api.getPanel(placeInSession(part));
  if (panel) bringToFront(panel);
  else addToDock(api, part, false);
}

/** Opens a part behind the others of its session, where it is in no place. */
export function openBehind(part: Part): void {
  const api = sessionDock(part.session);
  if (api && !api.getPanel(placeInSession(part)) && !isElsewhere(part)) addToDock(api, part, true);
}

function addToDock(api: DockviewApi, part: Part, isBehind: boolean): void {
  const isLog = part.kind === "exchanges" && api.totalPanels > 0;
  const neighbour = api.panels.find(({ id }) => id === "build" || id === "run") ?? api.panels[0];
  const panel = api.addPanel({
    ...partPanel(part),
    inactive: isBehind,
    ...(isLog && { minimumWidth: leastActionLog, position: { direction: "right" } }),
    ...(!isLog && neighbour && { position: { referencePanel: neighbour, direction: "within" } }),
  });
  if (isLog) panel.api.setSize({ width: api.width * actionLogShare });
}

/** The description of a part for the dock in its session's tab. */
export function partPanel(part: Part) {
  return { id: placeInSession(part), component: part.kind, title: partTitle(part), params: { ...part } };
}

/** Puts the parts of a session where they are at first. */
export function arrangeAnew(session: string): void {
  const api = sessionDock(session);
  const [first] = api?.panels ?? [];
  if (!api || !first) return;
  for (const panel of api.panels) {
    if (panel.id === "exchanges") panel.api.moveTo({ group: api.addGroup({ direction: "right" }) });
    else if (panel !== first) panel.api.moveTo({ group: first.group });
  }
  api.getPanel("exchanges")?.api.setSize({ width: api.width * actionLogShare });
  first.api.setActive();
}

/** The part that a panel shows, in a session's tab or pulled out. */
export function partOf({ params }: Pick<IDockviewPanel, "params">): Part | undefined {
  const { session, kind, instance, title } = params ?? {};
  if (typeof session !== "string" || typeof kind !== "string" || !isPartKind(kind)) return undefined;
  return { session, kind, ...(instance && { instance }), ...(title && { title }) };
}

/** Removes the view of a part when no panel shows it any more. */
export function leavePart(part: Part): void {
  const waits = awaited.get(part.session)?.some((one) => partId(one) === partId(part));
  const isInSession = sessionDock(part.session)?.getPanel(placeInSession(part)) !== undefined;
  if (!waits && !isInSession && !findPulledOut(part)) forgetPart(partId(part));
}

/** Closes a part, wherever it is shown. */
export function closePart(part: Part): void {
  const panel = sessionDock(part.session)?.getPanel(placeInSession(part)) ?? findPulledOut(part);
  panel?.api.close();
}

/** A name for a new shell: the first number that no shell of the session has. */
export function shellTitle(session: string): string {
  const panels = [...(sessionDock(session)?.panels ?? []), ...(currentDock()?.panels ?? [])];
  const parts = [...panels.flatMap((panel) => partOf(panel) ?? []), ...(awaited.get(session) ?? [])];
  const taken = new Set(parts.filter((part) => part.session === session).map(({ title }) => title));
  let number = 1;
  while (taken.has(`Shell ${number}`)) number += 1;
  return `Shell ${number}`;
}
