import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startGuestClock } from "../time/guest-clock.ts";
import { openGate } from "./connection-gate.ts";

test("a gate closes each connection at once, and tells a quiet moment from one with a connection", async () => {
  const folder = mkdtempSync(join(tmpdir(), "ts-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "a.sock");
  using gate = await openGate(path, startGuestClock());
  const connectOnce = async () => {
    const socket = connect(path).on("error", () => {});
    await once(socket, "close");
  };
  const first = gate.untilConnected();
  await connectOnce();
  await first;
  expect(await gate.isQuiet()).toBe(true);
  const moment = gate.isQuiet();
  await connectOnce();
  expect(await moment).toBe(false);
});
