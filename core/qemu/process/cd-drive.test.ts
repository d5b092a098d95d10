import { EventEmitter } from "node:events";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startGuestClock } from "../../time/guest-clock.ts";
import { createCdDrive } from "./cd-drive.ts";
import type { QmpClient } from "./qmp-client.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A drive that the guest has locked. */
function newDrive() {
  const execute = (_command: string, { force }: { force?: boolean } = {}) =>
    force
      ? Promise.resolve({})
      : Promise.reject(new Error("Device 'data-cd' is locked and force was not specified"));
  const qmp = Object.assign(new EventEmitter(), { execute }) as unknown as QmpClient;
  const clock = startGuestClock();
  return { clock, drive: createCdDrive(qmp, "data-cd", clock) };
}

test("a CD that the guest holds is the guest's refusal, not trouble on this host, and the advice names --force", async () => {
  const { drive } = newDrive();
  const refused = expect(drive.eject(false)).rejects.toMatchObject({
    code: "guest-action-failed",
    message: "the guest has locked the CD drive, and does not release the CD",
    advice: expect.stringContaining("tinsmith cd eject --force"),
  });
  await vi.advanceTimersByTimeAsync(3_000);
  await refused;
  await drive.eject(true);
});

test.each(["before", "while"] as const)(
  "a CD that the guest holds is not waited for when it is paused %s it is asked, and the advice names the way out",
  async (when) => {
    const { clock, drive } = newDrive();
    if (when === "before") clock.suspend(true);
    const refused = expect(drive.eject(false)).rejects.toMatchObject({
      code: "guest-action-failed",
      message: expect.stringContaining("can't release the CD while the virtual machine is paused"),
      advice: expect.stringContaining("tinsmith power resume"),
    });
    await vi.advanceTimersByTimeAsync(1_000);
    clock.suspend(true);
    await refused;
  },
);
