import type { SerializedDockview } from "dockview-react";
import { expect, test } from "vitest";
import { readLayout } from "./stored-layout.ts";

/** Panels in one group. */
function oneGroup(panels: Readonly<Record<string, object>>) {
  const views = Object.keys(panels);
  return {
    grid: {
      root: {
        type: "branch",
        data: [{ type: "leaf", data: { id: "1", views, activeView: views[0] ?? "" }, size: 700 }],
        size: 1280,
      },
      width: 1280,
      height: 700,
      orientation: "HORIZONTAL",
    },
    panels: Object.fromEntries(Object.entries(panels).map(([id, panel]) => [id, { id, ...panel }])),
  };
}

const sessionTab = (session: string) => ({
  contentComponent: "session",
  params: { session, sessionKind: "build" },
});
const part = (session: string, kind: string) => ({
  contentComponent: kind,
  title: kind,
  params: { session, kind },
});
const window = oneGroup({
  library: { contentComponent: "library" },
  "session:a": sessionTab("a"),
  "serial:a": { contentComponent: "part", params: { session: "a", kind: "serial" } },
  "image:/a.img": { contentComponent: "image", params: { image: "/a.img" } },
  "image-comparison:/a:/b": { contentComponent: "image-comparison", params: { images: ["/a", "/b"] } },
  "editor:/a/b": { contentComponent: "editor", params: { file: "/a/b" } },
});
const inA = oneGroup({ build: part("a", "build"), screen: part("a", "screen") });
const valid = { version: 2, window, sessions: { a: inA }, kinds: { build: inA } };

const read = (layout: unknown) => readLayout(JSON.stringify(layout));
const withRoot = (root: unknown) => ({ ...valid, window: { ...window, grid: { ...window.grid, root } } });
const withPanel = (panel: object) => ({ ...valid, window: oneGroup({ library: panel }) });

test("a layout is read as it was kept", () => {
  const { version: _, ...kept } = valid;
  expect(read(valid)).toEqual(kept);
});

test("a session's tab may be empty: all its parts may have been moved out of it", () => {
  const empty: Partial<SerializedDockview> = { ...oneGroup({}) } as never;
  expect(read({ ...valid, sessions: { a: empty } }).sessions).toEqual({ a: empty });
});

test.each<[string, unknown]>([
  ["nothing", { ...valid, window: null }],
  ["no panel", { ...valid, window: oneGroup({}) }],
  ["places without panels", { ...valid, window: { ...window, panels: {} } }],
  ["a panel twice", { ...valid, window: { ...window, grid: oneGroup({ library: {}, sessions: {} }).grid } }],
  ["no grid", { ...valid, window: { ...window, grid: {} } }],
  ["a size that is no number", withRoot({ ...window.grid.root, size: "abc" })],
  ["a panel of no known kind", withPanel({ contentComponent: "nonsense" })],
  ["a session's tab without its session", withPanel({ contentComponent: "session" })],
  [
    "a session's tab of no known kind",
    withPanel({ contentComponent: "session", params: { session: "a", sessionKind: "x" } }),
  ],
  ["a part without its kind", withPanel({ contentComponent: "part", params: { session: "a" } })],
  ["an image without its file", withPanel({ contentComponent: "image", params: {} })],
  [
    "a comparison with one image",
    withPanel({ contentComponent: "image-comparison", params: { images: ["/a"] } }),
  ],
  ["an editor without its file", withPanel({ contentComponent: "editor", params: {} })],
])("a window with %s is not used; the tabs of sessions are", (_what, layout) => {
  expect(read(layout)).toEqual({ sessions: { a: inA }, kinds: { build: inA } });
});

test.each<[string, unknown]>([
  ["nothing", null],
  ["no form", {}],
  ["no panels", { ...inA, panels: null }],
  ["a part of no known kind", oneGroup({ x: part("a", "x") })],
  ["a part that is another one", oneGroup({ build: { ...part("a", "build"), contentComponent: "serial" } })],
  ["a part without parameters", oneGroup({ build: { contentComponent: "build" } })],
])("a session's tab with %s is not used; the window is", (_what, damaged) => {
  expect(read({ ...valid, sessions: { a: damaged, b: null }, kinds: { build: damaged } })).toEqual({
    window,
    sessions: {},
    kinds: {},
  });
});

test("a session's tab with the parts of another session is not used", () => {
  expect(read({ ...valid, sessions: { b: inA } }).sessions).toEqual({});
});

test.each(["", "null", "{", "[]", '"x"', '{"version": 3}', '{"version": 2, "sessions": "x", "kinds": "x"}'])(
  "of %s nothing is used",
  (text) => {
    expect(readLayout(text)).toEqual({ sessions: {}, kinds: {} });
  },
);
