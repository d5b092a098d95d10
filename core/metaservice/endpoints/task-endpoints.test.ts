import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { expect, test, vi } from "vitest";
import { taskSchema } from "../../../shared/guest/guest-protocol.ts";
import { eventually } from "../../../tests/eventually.ts";
import { letTimePass } from "../../../tests/let-time-pass.ts";
import {
  connectRaw,
  errorCodeIn,
  openLog,
  send,
  sendRaw,
  startTestService,
  task,
  until,
} from "../service/test-service.ts";

test("ping is answered with an empty body", async () => {
  const reply = await send(await startTestService(), "GET", "ping");
  expect(reply).toMatchObject({ status: 200, body: "", headers: { "content-length": "0" } });
});

test("execute hands out the task", async () => {
  const reply = await send(await startTestService(), "GET", "execute");
  expect(reply).toMatchObject({ status: 200, headers: { "content-type": "application/json" } });
  expect(taskSchema.parse(JSON.parse(reply.body))).toEqual(task);
});

test("without a task only log and ping are served", async () => {
  const service = await startTestService({ task: undefined });
  for (const [method, path] of [
    ["GET", "execute"],
    ["PUT", "success"],
    ["PUT", "failed"],
    ["GET", "poll"],
  ] as const) {
    const reply = await send(service, method, path);
    expect([path, reply.status, errorCodeIn(reply.body)]).toEqual([path, 404, "NoSuchEndPoint"]);
  }
  expect((await send(service, "GET", "ping")).status).toBe(200);
  expect((await send(service, "POST", "log", Buffer.from("line\n"))).status).toBe(200);
  expect(service.logged().toString()).toBe("line\n");
});

test("the first result counts: a repeat is fine, the other is a conflict", async () => {
  for (const [first, other] of [
    ["success", "failed"],
    ["failed", "success"],
  ] as const) {
    const service = await startTestService();
    expect(await send(service, "PUT", first)).toMatchObject({ status: 200, body: "" });
    expect((await send(service, "PUT", first)).status).toBe(200);
    const conflict = await send(service, "PUT", other);
    expect([conflict.status, errorCodeIn(conflict.body)]).toEqual([409, "ResourceConflict"]);
    expect(service.results).toEqual([first]);
  }
});

test("a log of 20 MB arrives byte for byte", async () => {
  const service = await startTestService();
  const bytes = randomBytes(20e6);
  expect(await send(service, "POST", "log", bytes)).toMatchObject({ status: 200, body: "" });
  expect(service.logged().equals(bytes)).toBe(true);
});

test("two logs at once both arrive, each in its own order", async () => {
  const service = await startTestService();
  const [first, second] = [Buffer.alloc(1e6, "a1"), Buffer.alloc(1e6, "b2")];
  await Promise.all([send(service, "POST", "log", first), send(service, "POST", "log", second)]);
  const logged = service.logged().toString();
  expect(logged.replace(/[b2]/g, "")).toBe(first.toString());
  expect(logged.replace(/[a1]/g, "")).toBe(second.toString());
});

test("a log reader that waits makes the guest wait, and costs little memory", async () => {
  const release = Promise.withResolvers<void>();
  let taken = 0;
  const service = await startTestService({
    log: (chunk) => {
      taken += chunk.length;
      return release.promise;
    },
  });
  const guest = await connectRaw(service);
  const block = Buffer.alloc(100_000);
  const length = 200 * block.length;
  guest.write(openLog("", length));
  let sent = 0;
  const send = async () => {
    for (; sent < length; sent += block.length) await new Promise((resolve) => guest.write(block, resolve));
  };
  const sending = send();
  await letTimePass(200);
  // Two buffers of a few 100 kB at most: the socket's, in the kernel, and the request's.
  expect(sent - taken).toBeLessThan(1e6);
  release.resolve();
  await sending;
  expect(String(await once(guest, "data"))).toContain("200 OK");
  expect(taken).toBe(length);
});

test("how the command ended comes with the first result, and is told with it", async () => {
  const service = await startTestService();
  const headers = { "X-Tinsmith-Exit-Status": "143", "X-Tinsmith-Exit-Signal": "15" };
  expect((await send(service, "PUT", "failed", undefined, headers)).status).toBe(200);
  expect((await send(service, "PUT", "failed", undefined, { "X-Tinsmith-Exit-Status": "1" })).status).toBe(
    200,
  );
  expect(service.outcomes).toEqual([{ result: "failed", exit: { status: 143, signal: 15 } }]);
});

test("guest tools that always use a terminal are noted once, when the task is to have none", async () => {
  const onNote = vi.fn();
  const withoutTerminal = await startTestService({ task: { ...task, tty: false }, onNote });
  await send(withoutTerminal, "GET", "execute", undefined, { "X-Tinsmith-Features": "no-tty" });
  expect(onNote).not.toHaveBeenCalled();
  for (let time = 0; time < 2; time++) await send(withoutTerminal, "GET", "execute");
  expect(onNote).toHaveBeenCalledOnce();
  expect(onNote).toHaveBeenCalledWith(expect.stringMatching("^These guest tools always use a terminal"));
  await send(await startTestService({ onNote }), "GET", "execute");
  expect(onNote).toHaveBeenCalledOnce();
});

test("a log that can't be written is an internal error, told at once, and the guest can go on", async () => {
  const service = await startTestService({ log: () => Promise.reject(new Error("secret of the host")) });
  const guest = await connectRaw(service);
  guest.write(openLog("first bytes", 5e6));
  const reply = String(await once(guest, "data"));
  expect(reply).toContain("500 Internal Server Error");
  expect(errorCodeIn(reply)).toBe("InternalError");
  expect(reply).not.toContain("secret");
  guest.write(Buffer.alloc(5e6 - "first bytes".length));
  guest.write("PUT /engine/v1/failed HTTP/1.1\r\n\r\n");
  expect(String(await once(guest, "data"))).toContain("200 OK");
  expect(service.results).toEqual(["failed"]);
});

test("a log is answered when what takes it has put all of it away, and not as taken when that fails", async () => {
  const ends = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let ended = 0;
  const service = await startTestService({ onLogEnd: () => ends[ended++]?.promise });
  const answers: number[] = [];
  for (const end of ends) {
    const sent = send(service, "POST", "log", Buffer.from("lines"));
    void sent.then(({ status = 0 }) => answers.push(status));
    const before = answers.length;
    await until(() => ended > before);
    await send(service, "GET", "ping");
    expect(answers).toHaveLength(before);
    if (before === 0) end.resolve();
    else end.reject(new Error("broken disk"));
    await sent;
  }
  expect(answers).toEqual([200, 500]);
  expect(service.logged().toString()).toBe("lineslines");
});

test("a log that breaks off is kept as far as it came, also while its reader is slow, and has no reply", async () => {
  let logged = "";
  const service = await startTestService({
    log: async (chunk) => {
      await letTimePass(20);
      logged += Buffer.from(chunk).toString();
    },
  });
  const lines = Array.from({ length: 5 }, (_, number) => `line ${number}\n`);
  const chunks = lines.map((line) => `${line.length.toString(16)}\r\n${line}\r\n`);
  const head = "POST /engine/v1/log HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
  expect(await sendRaw(service, `${head}${chunks.join("")}64\r\ncut`)).toBe("");
  await eventually(() => expect(logged).toBe(`${lines.join("")}cut`));
});

test("a log without a length, which would be taken for an empty one, is refused", async () => {
  const service = await startTestService();
  const reply = await sendRaw(service, "POST /engine/v1/log HTTP/1.0\r\n\r\nlines");
  expect(reply).toContain("400 Bad Request");
  expect(errorCodeIn(reply)).toBe("InvalidPayload");
});

test("each request and each piece of a log is a sign of life", async () => {
  const onActivity = vi.fn();
  const service = await startTestService({ onActivity });
  const guest = await connectRaw(service);
  guest.write(openLog("a"));
  await eventually(() => expect(onActivity).toHaveBeenCalledTimes(2));
  guest.write("b");
  await eventually(() => expect(onActivity).toHaveBeenCalledTimes(3));
  await send(service, "GET", "nothing-here");
  expect(onActivity).toHaveBeenCalledTimes(4);
});
