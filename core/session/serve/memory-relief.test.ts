import { spawn } from "node:child_process";
import { once } from "node:events";
import { request } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, onTestFinished, test, vi } from "vitest";
import { eventually } from "../../../tests/eventually.ts";
import { residentBytes } from "../../process/own-processes.ts";
import { relieveMemory } from "./memory-relief.ts";
import { newHome } from "./test-session.ts";

const MiB = 1024 ** 2;

/** Sends requests for what does not exist, with as many headers as the service takes, on one connection. */
async function flood(socketPath: string, requests: number): Promise<void> {
  const request = `GET /nothing HTTP/1.1\r\nX-Long: ${"x".repeat(15_000)}\r\n\r\n`;
  const socket = connect(socketPath);
  let replies = 0;
  const answered = new Promise<void>((resolve) =>
    createInterface(socket).on("line", (line) => {
      // A body ends without a line break.
      if (line.includes("HTTP/1.1 404")) replies += 1;
      if (replies === requests) resolve();
    }),
  );
  for (let sent = 0; sent < requests; sent++) if (!socket.write(request)) await once(socket, "drain");
  await answered;
  socket.destroy();
}

/** Starts a session in a process of its own, which ends with the test. @returns its process and its socket */
async function startFloodedSession(): Promise<{ readonly pid: number; readonly socketPath: string }> {
  const server = spawn(process.execPath, [join(import.meta.dirname, "test-flooded-session.ts")], {
    env: { ...process.env, TINSMITH_HOME: join(newHome().sessions, "..") },
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void server.kill("SIGKILL"));
  const [socketPath] = await once(createInterface(server.stdout), "line");
  return { pid: server.pid ?? 0, socketPath };
}

/** Sends small requests and awaits no reply, on a new connection whenever one is closed, until it is disposed of. */
function pipelineWithoutEnd(socketPath: string): Disposable {
  const requests = "POST /engine/v1/log HTTP/1.1\r\nContent-Length: 1\r\n\r\nx".repeat(1000);
  let isOver = false;
  const open = () => {
    const socket = connect(socketPath);
    const send = () => {
      while (socket.writable && socket.write(requests));
    };
    socket.on("connect", send).on("drain", send).resume();
    // The service hangs up on it.
    socket.on("error", () => {});
    socket.once("close", () => {
      if (!isOver) current = open();
    });
    return socket;
  };
  let current = open();
  return {
    [Symbol.dispose]: () => {
      isOver = true;
      current.destroy();
    },
  };
}

async function ping(socketPath: string): Promise<number | undefined> {
  const sent = request({ socketPath, path: "/engine/v1/ping", agent: false }).end();
  const [reply] = await once(sent, "response");
  reply.resume();
  return reply.statusCode;
}

test("a session gives back the memory that a flood of requests with long headers has taken", async () => {
  const { pid, socketPath } = await startFloodedSession();
  await flood(socketPath, 10);
  const before = residentBytes(pid);
  await Promise.all(Array.from({ length: 8 }, () => flood(socketPath, 1500)));
  await eventually(() => expect(residentBytes(pid)).toBeLessThan(before + 128 * MiB));
  // It lives, and what it has recorded is on disk.
  expect(residentBytes(pid)).toBeGreaterThan(0);
});

test("a session serves other requests while connections are flooded with requests that await no reply", async () => {
  const { pid, socketPath } = await startFloodedSession();
  await ping(socketPath);
  const before = residentBytes(pid);
  using floods = new DisposableStack();
  for (let count = 0; count < 20; count++) floods.use(pipelineWithoutEnd(socketPath));
  for (const end = performance.now() + 3000; performance.now() < end; ) {
    expect(await ping(socketPath)).toBe(200);
    expect(residentBytes(pid)).toBeLessThan(before + 256 * MiB);
  }
});

test("while the system does not tell how much memory a process takes, it is asked again", () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  using _relief = relieveMemory();
  const refusal = Object.assign(new Error("too many open files"), { code: "EMFILE" });
  const asked = vi.spyOn(process.memoryUsage, "rss").mockImplementation(() => {
    throw refusal;
  });
  onTestFinished(() => asked.mockRestore());
  for (const times of [1, 2]) {
    vi.advanceTimersToNextTimer();
    expect(asked).toHaveBeenCalledTimes(times);
  }
});
