import type { AddPanelOptions, DockviewApi } from "dockview-react";
import type { SessionKind } from "../../../shared/session/session-kind.ts";
import { comparisonTitle } from "../contents/comparison-title.ts";
import { fileName } from "../files/file-name.ts";
import { bringToFront } from "./bring-to-front.ts";
import type { Part } from "./parts.ts";

/** The panels of which there is one. `action-log` is of the run that has the focus. */
export type LonePanel = "library" | "sessions" | "doctor" | "welcome" | "action-log";
/** The panels of the window, by the name of the component that draws them; a part is one that was pulled out. */
export type PanelKind =
  | LonePanel
  | "editor"
  | "session"
  | "part"
  | "comparison"
  | "image"
  | "image-comparison";

/** The parameters of a session's tab. */
export interface SessionTabParams {
  readonly session: string;
  /** As far as was known when it was opened. */
  readonly sessionKind: SessionKind;
}

/** The parameters of a comparison's panel. */
export interface ComparisonParams {
  readonly sessions: readonly [first: string, second: string];
}

/** The parameters of an image's panel. */
export interface ImagePanelParams {
  /** The path of its file. */
  readonly image: string;
}

/** The parameters of a comparison of two images. */
export interface ImageComparisonParams {
  /** Paths of their files. */
  readonly images: readonly [first: string, second: string];
}

/** The parameters of a panel of a file. */
export interface FilePanelParams {
  /** Its path. */
  readonly file: string;
}

/**
 * The place of a panel: lists at the left, views to follow beside the work at the right, all others in the middle.
 */
type Place = "left" | "middle" | "right";

const panels: Readonly<Record<PanelKind, { readonly title: string; readonly place: Place }>> = {
  library: { title: "Library", place: "left" },
  sessions: { title: "Sessions", place: "left" },
  doctor: { title: "Doctor", place: "middle" },
  welcome: { title: "Welcome", place: "middle" },
  editor: { title: "Editor", place: "middle" },
  session: { title: "Session", place: "middle" },
  part: { title: "Part", place: "middle" },
  comparison: { title: "Comparison", place: "middle" },
  image: { title: "Image", place: "middle" },
  "image-comparison": { title: "Comparison", place: "middle" },
  "action-log": { title: "Action log", place: "right" },
};

/** Below this the lists' rows run into each other; a window that is made smaller takes its width from the middle. Pixels. */
const leastSide = 220;
/** The widths of the panels at the sides: pixels, and the largest share of a narrow window. */
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

/** Shows a session's tab; it is opened when it is not there. */
export function showSessionTab(params: SessionTabParams): void {
  show(sessionTabId(params.session), { component: "session", params });
}

export function sessionTabId(session: string): string {
  return `session:${session}`;
}

/** Shows two sessions beside each other, the earlier one first; their panel is opened when it is not there. */
export function showComparison(one: string, other: string): void {
  // An id begins with the time of the session's start.
  const sessions: ComparisonParams["sessions"] = one < other ? [one, other] : [other, one];
  const params: ComparisonParams = { sessions };
  show(`comparison:${sessions.join(":")}`, { component: "comparison", params });
}

/** The sessions that a panel shows, by its parameters. */
export function sessionsOf(params: Readonly<Record<string, unknown>> = {}): readonly string[] {
  const { session, sessions = session === undefined ? [] : [session] } = params;
  return sessions as readonly string[];
}

/** Shows the files in an image; its panel is opened when it is not there. */
export function showImage(image: string): void {
  const params: ImagePanelParams = { image };
  show(`image:${image}`, { component: "image", title: fileName(image), params });
}

/** The images that a panel shows, by its parameters. */
export function imagesOf(params: Readonly<Record<string, unknown>> = {}): readonly string[] {
  const { image, images = image === undefined ? [] : [image] } = params;
  return images as readonly string[];
}

/** The image of the panel in front; of a comparison, the second one. */
export function imageInFront(): string | undefined {
  return imagesOf(dock?.activePanel?.params).at(-1);
}

/** Shows the differences between two images, which have one panel in either order; it is opened when it is not there. */
export function showImageComparison(first: string, second: string): void {
  const params: ImageComparisonParams = { images: [first, second] };
  const title = comparisonTitle(first, second);
  const id = `image-comparison:${[first, second].sort().join(":")}`;
  const open = dock?.getPanel(id);
  open?.api.updateParameters(params);
  open?.api.setTitle(title);
  show(id, { component: "image-comparison", title, params });
}

/** Shows a file's editor; it is opened where it belongs when it is not there. */
export function showFilePanel(file: string): void {
  const params: FilePanelParams = { file };
  show(`editor:${file}`, { component: "editor", title: fileName(file), params });
}

interface PanelOptions {
  readonly component: PanelKind;
  readonly title?: string;
  readonly params?:
    | SessionTabParams
    | ComparisonParams
    | ImagePanelParams
    | ImageComparisonParams
    | FilePanelParams
    | Part;
}

function show(id: string, options: PanelOptions): void {
  const panel = dock?.getPanel(id);
  if (panel) {
    bringToFront(panel);
    return;
  }
  const { place } = panels[options.component];
  const left = panelAt("left")?.group;
  const leftWidth = left?.width ?? 0;
  const opened = addPanel(id, options, positionOf(place));
  // It has said what to do first, and this is being done.
  if (place === "middle" && options.component !== "welcome") dock?.getPanel("welcome")?.api.close();
  // The library makes the first panel of a place as wide as it likes.
  if (place === "middle" || opened?.group.panels.length !== 1) return;
  const { width, share } = sides[place];
  // The width of one side is taken from the middle.
  if (place === "right") left?.api.setSize({ width: leftWidth });
  opened.api.setSize({ width: Math.min(width, (dock?.width ?? width) * share) });
}

/** The position for a new panel. */
export type PanelPosition = Pick<AddPanelOptions, "position">;

/** Opens a panel at a place of its own. */
export function addPanel(id: string, options: PanelOptions, position: PanelPosition) {
  const { title, place } = panels[options.component];
  return dock?.addPanel({
    id,
    title,
    ...options,
    ...(place === "middle" ? {} : { minimumWidth: leastSide }),
    ...position,
  });
}

/** Whether there is a panel in the middle, where the work is. */
export function hasMiddle(): boolean {
  return dock?.panels.some(({ api }) => placeOf(api.component) === "middle") ?? false;
}

/** If there are several, the active one; a part that was pulled out is where a person has put it. */
function panelAt(wanted: Place) {
  const found = dock?.panels.filter(
    ({ api }) => placeOf(api.component) === wanted && api.component !== "part",
  );
  return found?.find(({ api }) => api.isActive) ?? found?.[0];
}

/** Beside the panel that stands in the same place, else at its edge. */
function positionOf(place: Place): PanelPosition {
  const neighbour = panelAt(place);
  if (neighbour) return { position: { referencePanel: neighbour, direction: "within" } };
  const right = panelAt("right");
  if (place === "middle" && right) return { position: { referencePanel: right, direction: "left" } };
  return { position: { direction: place === "left" ? "left" : "right" } };
}

function placeOf(component: string): Place | undefined {
  return component in panels ? panels[component as PanelKind].place : undefined;
}
