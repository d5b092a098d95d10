import { once } from "node:events";
import { request } from "node:http";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test, vi } from "vitest";
import { WebSocket } from "ws";
import type { ExchangeEvent } from "../../../shared/guest/exchange.ts";
import { startGuestClock } from "../../time/guest-clock.ts";
import { createExchangeRecorder } from "../record/exchange-recorder.ts";
import { type MetaServiceOptions, startMetaService } from "../service/meta-service.ts";
import { makeTestFolder, task } from "../service/test-service.ts";

/** Starts a service on a port that is free. */
async function startOnPort(options: Pick<MetaServiceOptions, "onActivity" | "recorder"> = {}) {
  const service = await startMetaService({
    clock: startGuestClock(),
    port: 0,
    task,
    log: () => {},
    ...options,
  });
  onTestFinished(() => service.close());
  const [host, port] = service.address.split(":");
  return { service, host, port: Number(port) };
}

async function get(port: number, headers: Record<string, string>) {
  const outgoing = request({
    host: "127.0.0.1",
    port,
    path: "/engine/v1/execute",
    headers,
    agent: false,
  }).end();
  const [incoming] = await once(outgoing, "response");
  return { status: incoming.statusCode, body: await text(incoming) };
}

test("on a port, only this host is served", async () => {
  const { host, port } = await startOnPort();
  expect(host).toBe("127.0.0.1");
  expect(port).toBeGreaterThan(0);
  expect(await get(port, {})).toEqual({ status: 200, body: JSON.stringify(task) });
});

test("a port that is in use is refused", async () => {
  const { port } = await startOnPort();
  await expect(startMetaService({ clock: startGuestClock(), port, task, log: () => {} })).rejects.toThrow(
    "EADDRINUSE",
  );
});

test.each(["127.0.0.1:8080", "localhost", "169.254.169.254"])(
  "guest tools that call it %s are served",
  async (Host) => {
    const { port } = await startOnPort();
    expect((await get(port, { Host })).status).toBe(200);
  },
);

test.each<[string, Record<string, string>]>([
  ["a web page from elsewhere", { Origin: "https://example.org" }],
  ["a web page from this host", { Origin: "http://localhost:3000" }],
  ["a page whose name was made to lead here", { Host: "rebound.example.org:80" }],
  ["an image of another site's page", { "Sec-Fetch-Site": "cross-site" }],
  ["an image of a page on another port", { "Sec-Fetch-Site": "same-site" }],
  ["the address bar, which another site may have redirected", { "Sec-Fetch-Site": "none" }],
  ["an older browser's image", { Referer: "https://example.org/" }],
])("%s learns nothing", async (_who, headers) => {
  const { port } = await startOnPort();
  const { status, body } = await get(port, headers);
  expect(status).toBe(400);
  expect(body).not.toContain("make");
  const socket = new WebSocket(`ws://127.0.0.1:${port}/engine/v1/reply?id=x`, { headers });
  const [, response] = await once(socket, "unexpected-response");
  expect(response.statusCode).toBe(400);
  expect(await text(response)).toContain("requests of browsers");
});

test("a browser's request is an exchange, but no sign of life from guest tools", async () => {
  const report = vi.fn<(event: ExchangeEvent) => void>();
  const recorder = createExchangeRecorder({ report, folder: await makeTestFolder() });
  onTestFinished(() => recorder.close());
  const onActivity = vi.fn();
  const { port } = await startOnPort({ onActivity, recorder });
  const headers = { Origin: "null" };
  expect((await get(port, headers)).status).toBe(400);
  const socket = new WebSocket(`ws://127.0.0.1:${port}/engine/v1/reply?id=x`, { headers });
  await once(socket, "unexpected-response");
  expect(report.mock.calls.filter(([{ type }]) => type === "exchange-started")).toHaveLength(2);
  expect(onActivity).not.toHaveBeenCalled();
  expect((await get(port, {})).status).toBe(200);
  expect(onActivity).toHaveBeenCalledOnce();
});
