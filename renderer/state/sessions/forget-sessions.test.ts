import type { DockviewApi } from "dockview-react";
import { beforeEach, expect, test, vi } from "vitest";
import { buildView } from "../builds/build-view.ts";
import { sessions } from "../connection/app-state.ts";
import { isNewShell, openShell } from "../guest/guest-actions.ts";
import { guestFiles } from "../guest/guest-files.ts";
import { machinePauses, machineState } from "../guest/machine-state.ts";
import { type Transfer, transfers } from "../guest/transfers.ts";
import { type OpenPart, openParts } from "../layout/open-parts.ts";
import { shellTitle } from "../layout/session-docks.ts";
import { forgetClosedSessions } from "./forget-sessions.ts";
import { sessionLog } from "./session-log.ts";
import { sessionMark } from "./session-mark.ts";
import { stopsAsked } from "./stop-session.ts";

/** A dock as far as it matters here. */
function makeDock() {
  const listeners: (() => void)[] = [];
  const listen = (listener: () => void) => listeners.push(listener);
  const dock = { panels: [] as object[], onDidAddPanel: listen, onDidRemovePanel: listen };
  forgetClosedSessions(dock as unknown as DockviewApi);
  return {
    show: (...open: readonly string[]) => {
      dock.panels = open.map((session) => ({ params: { session } }));
      for (const listener of listeners) listener();
    },
  };
}

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

function pass(): void {
  vi.runAllTimers();
}

function download(session: string, status: Transfer["status"]): Transfer {
  return {
    number: 1,
    kind: "download",
    owner: session,
    source: "/a",
    target: "/b",
    bytes: 0,
    status,
    cancel: () => {},
  };
}

test("all that is kept of a session is forgotten when its last panel is closed; that of others stays", () => {
  const dock = makeDock();
  dock.show("gone", "stays");
  pass();
  const cancel = vi.fn();
  for (const session of ["gone", "stays"]) {
    buildView(session).setState({ seen: 7 });
    sessionLog(session).setState({ seen: 7 });
    guestFiles(session).setState({ asking: { path: "/", cancel } });
    machineState(session).setState({ value: { status: "paused" } as never });
    stopsAsked.setState({ [session]: { at: 1, isForced: false } });
    openShell(session);
  }
  transfers.setState({ all: [download("gone", "done"), download("stays", "done")] });
  const instances = vi.spyOn(crypto, "randomUUID").mockReturnValue("a-b-c-d-e");
  openShell("gone");
  instances.mockRestore();
  const known = (session: string) => ({
    build: buildView(session).getState().seen,
    log: sessionLog(session).getState().seen,
    files: guestFiles(session).getState().asking?.path,
    machine: machineState(session).getState().value?.status,
    pauses: machinePauses(session).length,
    stop: stopsAsked.getState()[session]?.at,
    downloads: transfers.getState().all.filter((one) => one.owner === session).length,
    waitingShells: shellTitle(session),
  });
  const all = { build: 7, log: 7, files: "/", machine: "paused", pauses: 1, stop: 1, downloads: 1 };
  expect(known("gone")).toEqual({ ...all, waitingShells: "Shell 3" });
  expect(isNewShell("gone", "a-b-c-d-e")).toBe(true);
  dock.show("stays");
  pass();
  expect(known("stays")).toEqual({ ...all, waitingShells: "Shell 2" });
  expect(known("gone")).toEqual({
    build: 0,
    log: 0,
    files: undefined,
    machine: undefined,
    pauses: 0,
    stop: undefined,
    downloads: 0,
    waitingShells: "Shell 1",
  });
  expect(isNewShell("gone", "a-b-c-d-e")).toBe(false);
  expect(cancel).toHaveBeenCalledTimes(1);
});

test("a panel that is moved, a part that is still drawn, and a file that is being copied keep a session", () => {
  const dock = makeDock();
  dock.show("moved");
  pass();
  sessionLog("moved").setState({ seen: 7 });
  const seen = () => sessionLog("moved").getState().seen;
  dock.show();
  dock.show("moved");
  pass();
  expect(seen()).toBe(7);
  openParts.setState({ part: { session: "moved", kind: "run" } as OpenPart });
  dock.show();
  pass();
  expect(seen()).toBe(7);
  transfers.setState({ all: [download("moved", "running")] });
  openParts.setState({}, true);
  pass();
  expect(seen()).toBe(7);
  transfers.setState({ all: [download("moved", "done")] });
  pass();
  expect(seen()).toBe(0);
  expect(transfers.getState().all).toEqual([]);
});

test("what a running session was told to do is remembered without a panel", () => {
  const dock = makeDock();
  dock.show("s1");
  pass();
  sessions.setState({ value: [{ id: "s1", status: "running" } as never] });
  stopsAsked.setState({ s1: { at: 1, isForced: false } });
  dock.show();
  pass();
  expect(stopsAsked.getState().s1?.at).toBe(1);
});

test("colours of sessions that are closed are given out again, and no two that are open have the same one", () => {
  const dock = makeDock();
  const names = Array.from({ length: 6 }, (_, index) => `m${index}`);
  dock.show(...names);
  pass();
  expect(new Set(names.map(sessionMark)).size).toBe(6);
  const free = sessionMark("m2");
  dock.show(...names.filter((name) => name !== "m2"));
  pass();
  expect(sessionMark("m6")).toBe(free);
});
