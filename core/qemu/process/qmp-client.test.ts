import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { QmpClient, type QmpEvent } from "./qmp-client.ts";

/** A client, and the other end of its socket, on which the test plays QEMU. */
async function newClient(): Promise<{ client: QmpClient; qemu: Socket }> {
  const folder = mkdtempSync(join(tmpdir(), "tinsmith-qmp-"));
  const server = createServer().listen(join(folder, "s"));
  await once(server, "listening");
  const socket = connect(join(folder, "s"));
  const [qemu]: Socket[] = await once(server, "connection");
  if (!qemu) throw new Error("no connection");
  onTestFinished(() => {
    socket.destroy();
    qemu.destroy();
    server.close();
    rmSync(folder, { recursive: true });
  });
  return { client: new QmpClient(socket), qemu };
}

const greeting = '{"QMP": {"version": {"qemu": {"major": 7}}, "capabilities": ["oob"]}}\r\n';

/** Answers each command that comes with what the test gives for it. */
function answer(qemu: Socket, replies: Readonly<Record<string, string>>): void {
  qemu.on("data", (bytes) => {
    for (const line of bytes.toString().trim().split("\n")) {
      const { execute, id } = JSON.parse(line);
      qemu.write(`{${replies[execute]}, "id": ${id}}\r\n`);
    }
  });
}

test("it negotiates, runs commands, and hands on events, however the bytes are cut", async () => {
  const { client, qemu } = await newClient();
  const events: QmpEvent[] = [];
  client.on("event", (event) => events.push(event));
  answer(qemu, { qmp_capabilities: '"return": {}', "query-status": '"return": {"status": "prelaunch"}' });
  qemu.write(greeting.slice(0, 20));
  qemu.write(greeting.slice(20));
  await client.negotiate();
  qemu.write('{"timestamp": {}, "event": "RESET", "data": {"guest": true}}\r\n{"event": "STOP"}\r\n');
  expect(await client.execute("query-status")).toEqual({ status: "prelaunch" });
  expect(events).toEqual([
    { name: "RESET", data: { guest: true } },
    { name: "STOP", data: {} },
  ]);
});

test("a command that QEMU refuses fails with QEMU's own words", async () => {
  const { client, qemu } = await newClient();
  answer(qemu, { cont: '"error": {"class": "GenericError", "desc": "Resetting the VM is required"}' });
  await expect(client.execute("cont")).rejects.toMatchObject({
    code: "qemu-failed",
    message: "QEMU refused cont: Resetting the VM is required",
  });
});

test("commands fail when the channel closes, before and after", async () => {
  const { client, qemu } = await newClient();
  const pending = client.execute("cont");
  const greeted = client.negotiate();
  qemu.destroy();
  await expect(pending).rejects.toMatchObject({ code: "qemu-failed" });
  await expect(greeted).rejects.toMatchObject({ code: "qemu-failed" });
  await expect(client.execute("quit")).rejects.toMatchObject({ code: "qemu-failed" });
});

test("a peer that does not speak QMP is hung up on", async () => {
  const { client, qemu } = await newClient();
  qemu.write("HTTP/1.1 400 Bad Request\r\n");
  await expect(client.negotiate()).rejects.toMatchObject({ code: "qemu-failed" });
});

test("the last event of a QEMU that has ended comes, also when it is given a command meanwhile", async () => {
  const { client, qemu } = await newClient();
  const events: string[] = [];
  client.on("event", ({ name }) => events.push(name));
  // All in one turn of this process, as on a busy host.
  qemu.write('{"event": "SHUTDOWN", "data": {"guest": true}}\r\n');
  qemu.destroy();
  await expect(client.execute("screendump")).rejects.toMatchObject({ code: "qemu-failed" });
  await client.gone;
  expect(events).toEqual(["SHUTDOWN"]);
});
