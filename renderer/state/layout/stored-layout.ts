import type { SerializedDockview } from "dockview-react";
import { type SessionKind, sessionKinds } from "../../../shared/session/session-kind.ts";
import { isDockLayout, windowPanelSchema } from "./dock-layout-schema.ts";
import { isPartKind } from "./parts.ts";

/** The places of the panels, as kept from one start of the window to the next. */
export interface StoredLayout {
  readonly version: 2;
  readonly window: SerializedDockview;
  /** The parts in the tabs of the sessions that are open. */
  readonly sessions: Readonly<Record<string, SerializedDockview>>;
  /** The last arrangement of the parts of a session of each kind: the next session opens with it. */
  readonly kinds: Readonly<Partial<Record<SessionKind, SerializedDockview>>>;
}

/** The usable part of a stored layout: all damaged values are absent. */
export interface ReadLayout extends Pick<StoredLayout, "sessions" | "kinds"> {
  readonly window?: SerializedDockview;
}

/** Reads a layout of this version; of any other one, nothing is used. */
export function readLayout(text: string | undefined): ReadLayout {
  try {
    const read = JSON.parse(text ?? "null");
    return keepValid(read?.version === 2 ? read : {});
  } catch {
    return { sessions: {}, kinds: {} };
  }
}

function keepValid({
  window,
  sessions,
  kinds,
}: Readonly<Record<string, unknown>> | StoredLayout): ReadLayout {
  return {
    ...(isWindow(window) && { window }),
    sessions: Object.fromEntries(
      Object.entries(sessions ?? {}).filter(([session, parts]) => isSessionTab(parts, session)),
    ),
    kinds: Object.fromEntries(
      Object.entries(kinds ?? {}).filter(
        ([kind, parts]) => sessionKinds.some((known) => known === kind) && isSessionTab(parts),
      ),
    ),
  };
}

/** A window always has a panel. */
function isWindow(value: unknown): value is SerializedDockview {
  if (!isDockLayout(value)) return false;
  const panels = Object.values(value.panels);
  return panels.length > 0 && panels.every((panel) => windowPanelSchema.safeParse(panel).success);
}

/** @param session to which all parts must belong; those of an arrangement may belong to any */
function isSessionTab(value: unknown, session?: string): value is SerializedDockview {
  if (!isDockLayout(value)) return false;
  return Object.values(value.panels).every(
    ({ contentComponent = "", params }) =>
      isPartKind(contentComponent) &&
      params?.kind === contentComponent &&
      (session === undefined || params.session === session),
  );
}
