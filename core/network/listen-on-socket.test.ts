import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { createServer, request } from "node:http";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { eventually } from "../../tests/eventually.ts";
import { makePrivateFolder } from "../files/private-folder.ts";
import { listenOnSocket } from "./listen-on-socket.ts";

/** So often the socket is looked for, in milliseconds. */
const checkInterval = 10;

function newSocket(): string {
  const home = mkdtempSync(join(tmpdir(), "ts-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  const folder = join(home, "run/id");
  makePrivateFolder(folder);
  return join(folder, "api.sock");
}

async function ask(socketPath: string): Promise<string> {
  const outgoing = request({ socketPath, agent: false }).end();
  const [reply] = await once(outgoing, "response");
  return await text(reply);
}

async function askOn(connection: Socket): Promise<string> {
  connection.write("GET / HTTP/1.1\r\nHost: session\r\n\r\n");
  const [reply] = await once(connection, "data");
  return String(reply);
}

test.each([
  ["file", (path: string) => rmSync(path)],
  ["folder", (path: string) => rmSync(dirname(path), { recursive: true })],
  ["folder and the one above it", (path: string) => rmSync(dirname(dirname(path)), { recursive: true })],
])(
  "when a socket's %s is removed, it is made again, each time, and nobody is cut off",
  async (_what, remove) => {
    const path = newSocket();
    const server = createServer((_request, response) => void response.end("an answer"));
    using _listening = await listenOnSocket(server, path, checkInterval);
    const idle = connect(path);
    onTestFinished(() => void idle.destroy());
    expect(await askOn(idle)).toContain("an answer");
    for (const _time of [1, 2]) {
      remove(path);
      await eventually(async () => expect(await ask(path)).toBe("an answer"));
      expect(statSync(path).mode & 0o777).toBe(0o600);
      expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
    }
    expect(await askOn(idle)).toContain("an answer");
  },
);

test("when the listening has ended, the socket is not made again", async () => {
  const path = newSocket();
  const server = createServer();
  {
    using _listening = await listenOnSocket(server, path, checkInterval);
    rmSync(path);
    await eventually(() => expect(existsSync(path)).toBe(true));
  }
  expect(existsSync(path)).toBe(false);
  // A second server's look at its own socket comes after the first one's would have come.
  const other = newSocket();
  using _other = await listenOnSocket(createServer(), other, 2 * checkInterval);
  rmSync(other);
  await eventually(() => expect(existsSync(other)).toBe(true));
  expect(existsSync(path)).toBe(false);
});
