import { expect, test } from "vitest";
import { setGuestClock } from "./set-guest-clock.ts";
import { guestBehind } from "./test-guest-behind.ts";

test("a guest's clock is set to the host's time, and it is told how far it was behind", async () => {
  const { actions, told } = guestBehind(128);
  expect(await setGuestClock(actions)).toEqual({ behindSeconds: expect.closeTo(128, -1) });
  expect(told).toEqual([expect.closeTo(Date.now() / 1000, -1)]);
});

test("a guest that may not set its clock says why", async () => {
  const { actions } = guestBehind(5, "date: can't set date: Operation not permitted\n");
  await expect(setGuestClock(actions)).rejects.toMatchObject({
    code: "guest-action-failed",
    message: "the guest's clock was not set: date: can't set date: Operation not permitted",
  });
});
