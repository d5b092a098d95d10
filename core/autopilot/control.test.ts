import { describe, expect, test, vi } from "vitest";
import type { InstallStep } from "../../shared/recipe/install-step.ts";
import { letTimePass } from "../../tests/let-time-pass.ts";
import { startGuestClock } from "../time/guest-clock.ts";
import { TestGuest } from "./console/test-guest.ts";
import { begin, machineOf } from "./test-autopilot.ts";

describe("a person", () => {
  test("pauses the steps, does one, and lets them run", async () => {
    const guest = new TestGuest();
    const steps: InstallStep[] = [{ wait: "$ " }, { type: "one" }, { type: "two" }, { type: "three" }];
    const { control, done } = begin(machineOf(guest), { steps });
    control.pause();
    guest.show("$ ");
    await letTimePass(50);
    expect(guest.lines).toEqual([]);
    control.step();
    control.step();
    await letTimePass(50);
    expect(guest.lines).toEqual([]);
    control.step();
    await vi.waitFor(() => expect(guest.lines).toEqual(["one"]));
    await letTimePass(50);
    expect(guest.lines).toEqual(["one"]);
    control.run();
    await done;
    expect(guest.lines).toEqual(["one", "two", "three"]);
  });

  test("lets the steps run from one on, also when all are done", async () => {
    const guest = new TestGuest();
    const { control, done } = begin(machineOf(guest), { steps: [{ type: "one" }, { type: "two" }] });
    await done;
    control.runFrom(1);
    await vi.waitFor(() => expect(guest.lines).toEqual(["one", "two", "two"]));
    expect(() => control.runFrom(2)).toThrow("there is no install step 3");
  });

  test("changes the step whose wait has failed, and the steps continue from there", async () => {
    const guest = new TestGuest();
    const save = vi.fn(async () => {});
    const hold = vi.fn();
    const clock = { ...startGuestClock(), hold };
    const steps: InstallStep[] = [{ wait: "login:", timeout: 0.05 }, { type: "root" }];
    const { control, done, events } = begin(
      machineOf(guest),
      { steps },
      { keepsFailed: () => true, save, clock },
    );
    guest.show("box User: ");
    await vi.waitFor(() => expect(events.at(-1)).toMatchObject({ type: "install-step-failed", index: 0 }));
    expect(hold).toHaveBeenLastCalledWith(true);
    await control.change(0, { wait: "User:" });
    await done;
    expect(hold).toHaveBeenLastCalledWith(false);
    expect(save).toHaveBeenCalledExactlyOnceWith(0, steps[0], { wait: "User:" });
    expect(guest.lines).toEqual(["root"]);
  });

  test("who watches the steps is waited for when a wait fails, and can give up", async () => {
    const guest = new TestGuest();
    const steps: InstallStep[] = [{ wait: "login:", timeout: 0.05 }];
    const { control, done, events } = begin(machineOf(guest), { steps });
    const leave = new AbortController();
    const lines = control.watch(leave.signal);
    expect(await lines.next()).toEqual({ done: false, value: "" });
    expect(() => control.giveUp()).toThrow("no install step has failed");
    await vi.waitFor(() => expect(events.at(-1)).toMatchObject({ type: "install-step-failed" }));
    guest.show("box User: ");
    expect(await lines.next()).toEqual({ done: false, value: "box User:" });
    leave.abort();
    control.giveUp();
    await expect(done).rejects.toMatchObject({ code: "timed-out" });
  });

  test("can't change a line that is being typed", async () => {
    const guest = new TestGuest();
    guest.echoes = false;
    const { control, remember } = begin(machineOf(guest), { steps: [{ type: "one" }] });
    await vi.waitFor(() => expect(guest.typed).toBe("one"));
    await expect(control.change(0, { type: "two" })).rejects.toMatchObject({ code: "busy" });
    await expect(remember()).rejects.toMatchObject({ code: "busy" });
  });
});

test("they go back to a checkpoint with the guest: what was to come comes again, what was found is old", async () => {
  const guest = new TestGuest();
  const steps: InstallStep[] = [{ wait: "one" }, { wait: "two" }, { type: "root" }];
  const { control, done, remember, events } = begin(machineOf(guest), { steps });
  guest.show("one, ");
  await vi.waitFor(() => expect(events).toContainEqual(expect.objectContaining({ index: 0, found: "one" })));
  const goBack = await remember();
  guest.show("two");
  await done;
  await goBack();
  await letTimePass(50);
  expect(guest.lines).toEqual(["root"]);
  guest.show("two");
  await vi.waitFor(() => expect(guest.lines).toEqual(["root", "root"]));
  expect(events).toContainEqual({ type: "install-next", index: 1 });

  control.runFrom(0);
  await letTimePass(50);
  expect(events.at(-1)).toEqual({ type: "install-step-started", index: 0 });
});
