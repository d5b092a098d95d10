import type { SerializedDockview } from "dockview-react";
import { z } from "zod";
import { sessionKinds } from "../../../shared/session/session-kind.ts";
import { isPartKind } from "./parts.ts";

const size = z.number().optional();

const nodeSchema: z.ZodType = z.lazy(() =>
  z.discriminatedUnion("type", [
    z.looseObject({
      type: z.literal("leaf"),
      size,
      data: z.looseObject({ id: z.string(), views: z.array(z.string()), activeView: z.string().optional() }),
    }),
    z.looseObject({ type: z.literal("branch"), size, data: z.array(nodeSchema) }),
  ]),
);

/** The form of the panels' library; it does not check what it is given. */
const dockLayoutSchema = z.looseObject({
  grid: z.looseObject({
    root: nodeSchema,
    width: z.number(),
    height: z.number(),
    orientation: z.enum(["HORIZONTAL", "VERTICAL"]),
  }),
  panels: z.record(
    z.string(),
    z.looseObject({
      id: z.string(),
      contentComponent: z.string(),
      params: z.record(z.string(), z.unknown()).optional(),
    }),
  ),
  activeGroup: z.string().optional(),
});

/** Whether the panels' library can show a layout: each of its panels stands in one place, and each place has its panel. */
export function isDockLayout(value: unknown): value is SerializedDockview {
  if (!dockLayoutSchema.safeParse(value).success) return false;
  const { grid, panels } = value as SerializedDockview;
  const views = viewsOf(grid.root);
  return (
    new Set(views).size === views.length &&
    views.length === Object.keys(panels).length &&
    views.every((view) => panels[view]?.id === view)
  );
}

function viewsOf({ data }: SerializedDockview["grid"]["root"]): readonly string[] {
  return Array.isArray(data) ? data.flatMap(viewsOf) : data.views;
}

const session = z.string();

/** A panel of the window with the parameters of its component. */
export const windowPanelSchema = z.discriminatedUnion("contentComponent", [
  z.looseObject({
    contentComponent: z.enum(["library", "sessions", "doctor", "welcome", "action-log"]),
  }),
  z.looseObject({
    contentComponent: z.literal("session"),
    params: z.looseObject({ session, sessionKind: z.enum(sessionKinds) }),
  }),
  z.looseObject({
    contentComponent: z.literal("part"),
    params: z.looseObject({ session, kind: z.string().refine(isPartKind) }),
  }),
  z.looseObject({
    contentComponent: z.literal("comparison"),
    params: z.looseObject({ sessions: z.tuple([session, session]) }),
  }),
  z.looseObject({
    contentComponent: z.literal("image"),
    params: z.looseObject({ image: z.string() }),
  }),
  z.looseObject({
    contentComponent: z.literal("image-comparison"),
    params: z.looseObject({ images: z.tuple([z.string(), z.string()]) }),
  }),
  z.looseObject({
    contentComponent: z.literal("editor"),
    params: z.looseObject({ file: z.string() }),
  }),
]);
