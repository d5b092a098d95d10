import { expect, test } from "vitest";
import { eventually } from "../../../tests/eventually.ts";
import { WaitingLine } from "./waiting-line.ts";

/** A line in which numbers fit, as long as their sum is not too large. */
function makeLine(room: number) {
  const started: number[] = [];
  const left = () => room - started.reduce((sum, one) => sum + one, 0);
  const line = new WaitingLine<number>({
    reasonToWait: async (work) => {
      await Promise.resolve();
      if (work > left()) return `room: ${work} needed, ${left()} free`;
      started.push(work);
      return undefined;
    },
    interval: 5,
  });
  const reasons: string[] = [];
  const { signal } = new AbortController();
  const enter = (work: number, own: AbortSignal = signal) =>
    line.enter(work, { signal: own, onWait: (reason) => reasons.push(`${work}: ${reason}`) });
  const end = (work: number) => {
    started.splice(started.indexOf(work), 1);
    line.look();
  };
  return { line, started, reasons, enter, end };
}

test("work starts in its order as far as it fits, and the rest tells why it waits", async () => {
  const { started, reasons, enter, end } = makeLine(10);
  const all = [enter(6), enter(5), enter(3)];
  await Promise.all([all[0], all[2]]);
  expect(started).toEqual([6, 3]);
  expect(reasons).toEqual(["5: room: 5 needed, 4 free"]);
  end(6);
  await all[1];
  expect(started).toEqual([3, 5]);
});

test("room that comes without an event is found, too", async () => {
  const { started, enter } = makeLine(10);
  await enter(10);
  const waiting = enter(4);
  await eventually(() => expect(started).toEqual([10]));
  started.pop();
  await waiting;
  expect(started).toEqual([4]);
});

test("work leaves the line when its signal aborts", async () => {
  const { started, enter, end } = makeLine(1);
  await enter(1);
  const controller = new AbortController();
  const waiting = enter(1, controller.signal);
  controller.abort(new Error("enough"));
  await expect(waiting).rejects.toThrow("enough");
  await expect(enter(1, controller.signal)).rejects.toThrow("enough");
  const next = enter(1);
  end(1);
  await next;
  expect(started).toEqual([1]);
});

test("nothing starts while the line is paused", async () => {
  const { line, started, reasons, enter } = makeLine(10);
  line.setPaused(true);
  const waiting = enter(1);
  await eventually(() => expect(reasons).toEqual(["1: a person: the matrix is paused"]));
  expect(started).toEqual([]);
  line.setPaused(false);
  await waiting;
  expect(started).toEqual([1]);
});

test("only the first in a long line are measured: the others wait for them", async () => {
  const { reasons, enter } = makeLine(0);
  for (let work = 1; work <= 20; work += 1) void enter(work);
  await eventually(() => expect(reasons).toHaveLength(20));
  expect(reasons[7]).toBe("8: room: 8 needed, 0 free");
  expect(reasons[8]).toBe("9: the builds before it");
});
