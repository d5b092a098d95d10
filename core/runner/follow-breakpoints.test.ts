import { expect, test } from "vitest";
import { eventually } from "../../tests/eventually.ts";
import type { Holding, HoldingListener } from "../metaservice/rules/held-messages.ts";
import { guestBehind } from "../vm/test-guest-behind.ts";
import { followBreakpoints } from "./follow-breakpoints.ts";

/** @param behind seconds by which the guest's clock is behind after a pause */
function start(behind: number, complaint = "") {
  const acts: string[] = [];
  const notes: string[] = [];
  let tell: HoldingListener = () => {};
  const { actions, told } = guestBehind(behind, complaint);
  const following = followBreakpoints({
    held: {
      onHolding: (listener) => {
        tell = listener;
        return { [Symbol.dispose]: () => {} };
      },
    },
    machine: {
      hold: async (rule) => void acts.push(rule === undefined ? "resume" : `pause for ${rule}`),
      clockIsRight: () => void acts.push("right"),
    },
    clock: {
      hold: (isHeld) => void acts.push(isHeld ? "stop clock" : "start clock"),
      behind: () => behind * 1000,
    },
    actions,
    onNote: (text) => notes.push(text),
  });
  return {
    tell: (holding: Holding) => tell(holding, holding === "nothing" ? undefined : "ping"),
    acts,
    notes,
    told,
    following,
  };
}

test("the virtual machine is paused while a message is held; then its guest's clock is set", async () => {
  const { tell, acts, notes } = start(8);
  tell("pause");
  tell("nothing");
  await eventually(() => expect(notes).toEqual(["The guest's clock was set: it was 8.0 s behind."]));
  expect(acts).toEqual(["pause for ping", "resume", "start clock", "start clock", "right"]);
});

test("a virtual machine that is let run is not paused, but the time limits are stopped", async () => {
  const { tell, acts, notes } = start(0);
  tell("run");
  tell("nothing");
  await eventually(() => expect(acts.at(-1)).toBe("start clock"));
  expect([acts[0], acts.includes("pause for ping"), notes]).toEqual(["stop clock", false, []]);
});

test("a clock that is less than 2 s behind is left as it is", async () => {
  const { tell, acts, told } = start(1.9);
  tell("pause");
  tell("nothing");
  await eventually(() => expect(acts.filter((act) => act === "start clock")).toHaveLength(2));
  expect(told).toEqual([]);
});

test("a clock that can't be set is told of", async () => {
  const { tell, notes } = start(8, "date: not permitted\n");
  tell("nothing");
  await eventually(() => expect(notes[0]).toContain("could not be set: the guest's clock was not set"));
});

test("a message that is held meanwhile puts off the setting of the clock", async () => {
  const { tell, acts, told } = start(8);
  tell("nothing");
  tell("pause");
  tell("nothing");
  await eventually(() => expect(acts.filter((act) => act === "right")).toHaveLength(1));
  expect(told).toHaveLength(1);
});
