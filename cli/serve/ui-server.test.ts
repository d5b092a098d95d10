import { once } from "node:events";
import { expect, test } from "vitest";
import { fetchFromLoopback } from "../../tests/fetch-from-loopback.ts";
import { startTestServer } from "../../tests/ui-server.ts";

test("the page holds no secret and is everybody's; a session's files are at addresses that work once", async () => {
  const { addresses, origin } = await startTestServer();
  const page = await fetchFromLoopback(`${origin}/`);
  expect(await page.text()).toContain("the page");
  expect(page.headers.get("set-cookie")).toBeNull();
  expect((await fetchFromLoopback(`${origin}/sessions/ended/files/task.log`)).status).toBe(404);
  const address = `${origin}${addresses.make("/sessions/ended/files/task.log")}`;
  expect((await fetchFromLoopback(address, { method: "HEAD" })).status).toBe(410);
  expect(await (await fetchFromLoopback(address)).text()).toBe("a log");
  expect((await fetchFromLoopback(address)).status).toBe(410);
});

test("a token is exchanged once, and only by a page of this server's own", async () => {
  const { server, postToken, origin } = await startTestServer();
  const token = server.newToken();
  const others: readonly Record<string, string>[] = [
    { Origin: "http://evil.example" },
    { Origin: "null" },
    { "Content-Type": "text/plain" },
  ];
  for (const headers of others)
    expect((await postToken(token, headers)).ok, JSON.stringify(headers)).toBe(false);
  // As a browser does that looks ahead.
  expect((await fetchFromLoopback(`${origin}/access?token=${token}`)).ok).toBe(true);
  expect((await fetchFromLoopback(server.newLink())).ok).toBe(true);
  expect(await (await postToken(token)).json()).toEqual({ secret: expect.stringMatching(/^[\w-]{32}$/) });
  expect((await postToken(token)).status).toBe(403);
  expect((await postToken("x".repeat(5_000)).catch(() => undefined))?.ok).not.toBe(true);
});

test("a form with a good token gets the page with the token, which it does not spend", async () => {
  const { server, origin, postToken } = await startTestServer();
  const token = server.newToken();
  const post = (body: string) =>
    fetchFromLoopback(`${origin}/`, {
      method: "POST",
      headers: { Origin: "null", "Content-Type": "application/x-www-form-urlencoded" },
      body,
    });
  expect(await (await post(`token=${token}`)).text()).toContain(`content="${token}"`);
  expect((await postToken(token)).ok).toBe(true);
  for (const bad of [`token=${token}`, "token=", "", "token=%3Cscript%3E", `token=${"x".repeat(900)}`])
    expect((await post(bad)).status).toBe(403);
});

test("with the secret, a WebSocket is a window", async () => {
  const { enter, openSocket } = await startTestServer();
  const socket = openSocket("/rpc", await enter());
  await once(socket, "open");
  expect(socket.protocol).toBe("tinsmith");
  socket.close();
});

test("by an address that others may have had, it says only where to find the link", async () => {
  const { server } = await startTestServer();
  for (const name of ["127.0.0.1", "localhost", `${"0".repeat(20)}.localhost`]) {
    const reply = await fetchFromLoopback(`http://${name}:${server.port}/`);
    expect(reply.status).toBe(421);
    expect(await reply.text()).toBe("Open the link that tinsmith serve printed.\n");
  }
});
