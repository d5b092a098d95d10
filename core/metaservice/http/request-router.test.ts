import type { IncomingMessage } from "node:http";
import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { startGuestClock } from "../../time/guest-clock.ts";
import { defaultLimits } from "../limits.ts";
import { createRequestRouter } from "./request-router.ts";

test("a WebSocket that can't be served ends its own connection, and no process", async () => {
  const router = createRequestRouter(
    { endpoints: {}, upgrades: { reply: () => Promise.reject(new Error("boom")) } },
    { ...defaultLimits, clock: startGuestClock() },
    () => {},
  );
  const socket = new PassThrough();
  const request = { url: "/engine/v1/reply?id=1" } as IncomingMessage;
  await router.upgrade(request, { socket, head: Buffer.alloc(0), exchange: undefined });
  expect(socket.destroyed).toBe(true);
});
