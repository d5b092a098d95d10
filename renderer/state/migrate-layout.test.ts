import type { Orientation, SerializedDockview } from "dockview-react";
import { expect, test } from "vitest";
import { migrateLayout } from "./migrate-layout.ts";
import { readLayout } from "./stored-layout.ts";

interface Group {
  readonly id: string;
  readonly views: readonly string[];
  readonly active?: string;
  readonly size: number;
}

/** A layout as an earlier window kept it: groups side by side, with panels that are named "kind:session:instance". */
function oldLayout(groups: readonly Group[], activeGroup = "1"): SerializedDockview {
  const panels = groups
    .flatMap(({ views }) => views)
    .map((id) => {
      const [kind = "", session, instance] = id.split(":");
      const params = session && { session, ...(instance && { instance }) };
      const title = instance ? `Shell ${instance}` : kind;
      return { id, contentComponent: kind, title, ...(params && { params }) };
    });
  return {
    grid: {
      root: {
        type: "branch",
        data: groups.map(({ id, views, active = views[0] ?? "", size }) => ({
          type: "leaf" as const,
          data: { id, views: [...views], activeView: active },
          size,
        })),
        size: 700,
      },
      width: 1280,
      height: 700,
      orientation: "HORIZONTAL" as Orientation,
    },
    panels: Object.fromEntries(panels.map((panel) => [panel.id, panel])),
    activeGroup,
  };
}

function groupsOf({ grid }: SerializedDockview) {
  const { data } = grid.root;
  if (!Array.isArray(data)) throw new Error("the root is a branch");
  return data.map(({ data: group, size }) => ({
    ...(group as { views: string[]; activeView?: string }),
    size,
  }));
}

const usual = oldLayout([
  { id: "1", views: ["library", "sessions"], size: 300 },
  {
    id: "2",
    views: ["run:a", "serial:a", "screen:a", "shell:a:1", "build:b", "serial:b", "doctor"],
    active: "shell:a:1",
    size: 540,
  },
  { id: "3", views: ["exchanges:a"], size: 440 },
]);

test("each session's panels become one tab, which holds them, and what was beside the action log gets its place", () => {
  const { window, sessions } = migrateLayout(usual);
  expect(groupsOf(window)).toEqual([
    expect.objectContaining({ views: ["library", "sessions"], activeView: "library", size: 300 }),
    expect.objectContaining({
      views: ["session:a", "session:b", "doctor"],
      activeView: "session:a",
      size: 980,
    }),
  ]);
  expect(window.panels).toEqual({
    library: usual.panels.library,
    sessions: usual.panels.sessions,
    doctor: usual.panels.doctor,
    "session:a": {
      id: "session:a",
      contentComponent: "session",
      params: { session: "a", sessionKind: "run" },
    },
    "session:b": {
      id: "session:b",
      contentComponent: "session",
      params: { session: "b", sessionKind: "build" },
    },
  });
  expect(Object.keys(sessions.a?.panels ?? {})).toEqual(["run", "serial", "screen", "shell:1"]);
  expect(sessions.a?.panels["shell:1"]).toMatchObject({ title: "Shell 1", params: { instance: "1" } });
  expect(Object.keys(sessions.b?.panels ?? {})).toEqual(["build", "serial"]);
});

test("a part that a person had put beside another panel stays there, and is named after its session", () => {
  const { window, sessions } = migrateLayout(
    oldLayout([
      { id: "1", views: ["run:a", "exchanges:a"], size: 640 },
      { id: "2", views: ["serial:a"], size: 640 },
    ]),
  );
  expect(groupsOf(window).map(({ views }) => views)).toEqual([["session:a"], ["serial:a"]]);
  expect(window.panels["serial:a"]).toMatchObject({
    contentComponent: "part",
    params: { session: "a", kind: "serial" },
  });
  expect(Object.keys(sessions.a?.panels ?? {})).toEqual(["run"]);
});

test("a session whose log was closed has its tab where the first of its panels was", () => {
  const { window } = migrateLayout(
    oldLayout([{ id: "1", views: ["library", "screen:a", "files:a"], size: 1280 }]),
  );
  expect(groupsOf(window).map(({ views }) => views)).toEqual([["library", "session:a"]]);
});

test("a layout of this version is taken as it is, and what is none is not", () => {
  const current = migrateLayout(usual);
  const { version: _, ...kept } = current;
  expect(readLayout(JSON.stringify(current))).toEqual(kept);
  expect(readLayout(JSON.stringify(usual))).toEqual(kept);
  for (const text of [
    undefined,
    "",
    "{",
    "null",
    "{}",
    '{"grid":{},"panels":{}}',
    '{"grid":{"root":7},"panels":{}}',
  ])
    expect(readLayout(text)).toEqual({ sessions: {}, kinds: {} });
});
