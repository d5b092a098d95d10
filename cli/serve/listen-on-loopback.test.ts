import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect, createServer as createNetServer } from "node:net";
import { networkInterfaces } from "node:os";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { listenOnLoopback } from "./listen-on-loopback.ts";

const addresses = Object.values(networkInterfaces()).flatMap(
  (all) => all?.map(({ address }) => address) ?? [],
);
const loopback = ["127.0.0.1", "::1"].filter((address) => addresses.includes(address));

function newServer() {
  return createServer((_request, response) => response.setHeader("Connection", "close").end("here"));
}

test("it answers at each loopback address of this host, and at none afterwards", async () => {
  const server = newServer();
  const listening = await listenOnLoopback(server, 0);
  for (const address of loopback) {
    const stream = connect(listening.port, address);
    stream.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    expect(await text(stream), address).toMatch(/here$/);
  }
  await listening[Symbol.asyncDispose]();
  for (const address of loopback) {
    const stream = connect(listening.port, address);
    expect(await once(stream, "connect").catch(({ code }) => code), address).toBe("ECONNREFUSED");
  }
});

test.each(loopback)("a port that another server has on %s is refused", async (address) => {
  const other = createNetServer().listen(0, address);
  onTestFinished(() => void other.close());
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  const server = newServer();
  await expect(listenOnLoopback(server, port)).rejects.toMatchObject({
    code: "busy",
    message: `port ${port} is already in use`,
  });
  expect(server.listening).toBe(false);
});
