import type { Orientation, SerializedDockview } from "dockview-react";
import { isPartKind, type Part, partId, partTitle, placeInSession, type SessionKind } from "./parts.ts";
import type { StoredLayout } from "./stored-layout.ts";

type GridNode = SerializedDockview["grid"]["root"];
type Group = Exclude<GridNode["data"], readonly unknown[]>;
type Panels = SerializedDockview["panels"];

/**
 * The layout that a window has now of one in which each part of a session was a panel of its own. A session's tab stands
 * where its log stood, and holds what stood with it, and its action log; a part that a person had put elsewhere stays
 * there, pulled out.
 */
export function migrateLayout(before: SerializedDockview): StoredLayout {
  const panels: Panels = {};
  const inside = new Map<string, Part[]>();
  const groups = groupsOf(before.grid.root);
  const homes = findHomes(groups, before.panels);
  const moved = (view: string, group: string): string | undefined => {
    const panel = before.panels[view];
    const part = partOfPanel(panel);
    if (!part) {
      if (panel) panels[view] = panel;
      return panel && view;
    }
    const { session } = part;
    if (homes.get(session) !== group && part.kind !== "exchanges") {
      panels[partId(part)] = {
        id: partId(part),
        contentComponent: "part",
        title: partTitle(part),
        params: { ...part },
      };
      return partId(part);
    }
    inside.set(session, [...(inside.get(session) ?? []), part]);
    const id = `session:${session}`;
    if (homes.get(session) !== group) return undefined;
    panels[id] = {
      id,
      contentComponent: "session",
      params: { session, sessionKind: kindOf(session, before.panels) },
    };
    return id;
  };
  const root = mapGroups(before.grid.root, (group) => {
    const views = [...new Set(group.views.flatMap((view) => moved(view, group.id) ?? []))];
    const active = group.activeView && moved(group.activeView, group.id);
    return { ...group, views, ...(active ? { activeView: active } : { activeView: views[0] ?? "" }) };
  });
  const sessions = Object.fromEntries(
    [...inside].map(([session, parts]) => [session, oneGroup(distinct(parts))]),
  );
  const isActiveThere = groupsOf(root ?? emptyRoot).some(({ id }) => id === before.activeGroup);
  const { activeGroup, ...others } = before;
  return {
    version: 2,
    window: {
      ...others,
      ...(isActiveThere && activeGroup && { activeGroup }),
      panels,
      grid: { ...before.grid, root: root ?? emptyRoot },
    },
    sessions,
    kinds: {},
  };
}

const emptyRoot: GridNode = { type: "branch", data: [] };

function partOfPanel(panel: Panels[string] | undefined): Part | undefined {
  const { session, instance } = panel?.params ?? {};
  const kind = panel?.contentComponent ?? "";
  if (typeof session !== "string" || !isPartKind(kind)) return undefined;
  return { session, kind, ...(instance && { instance, title: panel?.title ?? "Shell" }) };
}

function kindOf(session: string, panels: Panels): SessionKind {
  return panels[`build:${session}`] ? "build" : "run";
}

/** The group that each session's tab gets to: that of its log, else that of the first of its parts. */
function findHomes(groups: readonly Group[], panels: Panels): ReadonlyMap<string, string> {
  const homes = new Map<string, string>();
  for (const isLog of [true, false])
    for (const { id, views } of groups)
      for (const part of views.flatMap((view) => partOfPanel(panels[view]) ?? []))
        if (isLog === (part.kind === "build" || part.kind === "run") && !homes.has(part.session))
          homes.set(part.session, id);
  return homes;
}

function groupsOf(node: GridNode): readonly Group[] {
  return Array.isArray(node.data) ? node.data.flatMap(groupsOf) : [node.data];
}

/** A grid with other groups; one that has no view goes, and what is beside it takes its place. */
function mapGroups(node: GridNode, change: (group: Group) => Group): GridNode | undefined {
  if (!Array.isArray(node.data)) {
    const group = change(node.data);
    return group.views.length > 0 ? { ...node, data: group } : undefined;
  }
  const data = node.data.flatMap((child) => mapGroups(child, change) ?? []);
  if (data.length === 0) return undefined;
  const size = (nodes: readonly GridNode[]) => nodes.reduce((sum, one) => sum + (one.size ?? 0), 0);
  const freed = size(node.data) - size(data);
  const last = data.length - 1;
  return {
    ...node,
    data: data.map((child, index) =>
      index === last ? { ...child, size: (child.size ?? 0) + freed } : child,
    ),
  };
}

function distinct(parts: readonly Part[]): readonly Part[] {
  return [...new Map(parts.map((part) => [partId(part), part])).values()];
}

/** All but the action log, which stands beside them where there is none yet. */
function oneGroup(parts: readonly Part[]): SerializedDockview {
  const shown = parts.filter(({ kind }) => kind !== "exchanges");
  const views = shown.map(placeInSession);
  const panels: Panels = Object.fromEntries(
    shown.map((part) => {
      const id = placeInSession(part);
      return [id, { id, contentComponent: part.kind, title: partTitle(part), params: { ...part } }];
    }),
  );
  return {
    grid: {
      root: {
        type: "branch",
        data: [{ type: "leaf", data: { id: "1", views, activeView: views[0] ?? "" }, size: 1 }],
        size: 1,
      },
      width: 1,
      height: 1,
      orientation: "HORIZONTAL" as Orientation,
    },
    panels,
    activeGroup: "1",
  };
}
