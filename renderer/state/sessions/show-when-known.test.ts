import { beforeEach, expect, test, vi } from "vitest";
import type { SessionSummary } from "../../../shared/session/session-summary.ts";
import { sessions } from "../connection/app-state.ts";
import { closeToasts, toasts } from "../messages/notices.ts";
import { showWhenKnown } from "./show-when-known.ts";

const { showSession } = vi.hoisted(() => ({ showSession: vi.fn() }));
vi.mock("../layout/session-panels.ts", () => ({ showSession }));

const kept = { id: "kept", kind: "build" } as SessionSummary;
const said = () => toasts.getState().open.map(({ text }) => text);

beforeEach(() => {
  vi.clearAllMocks();
  closeToasts();
});

test.each(["before", "after"])("a session is shown by a click %s the list of them is there", (when) => {
  sessions.setState({ value: when === "before" ? undefined : [kept] });
  showWhenKnown("kept");
  sessions.setState({ value: [kept] });
  expect(showSession.mock.calls).toEqual([[kept]]);
  expect(said()).toEqual([]);
});

test.each(["before", "after"])(
  "one that was deleted is said to be, by a click %s the list is there",
  (when) => {
    sessions.setState({ value: when === "before" ? undefined : [kept] });
    showWhenKnown("gone");
    sessions.setState({ value: [kept] });
    expect(said()).toEqual(["session gone was deleted, and its logs with it"]);
    // The one that comes afterwards is another session.
    sessions.setState({ value: [kept, { ...kept, id: "gone" }] });
    expect(showSession).not.toHaveBeenCalled();
  },
);
