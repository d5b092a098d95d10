import { once } from "node:events";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Duplex } from "node:stream";
import { execa } from "execa";
import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { encodeShellMessage } from "../../../shared/guest/shell-codec.ts";
import { letTimePass } from "../../../tests/let-time-pass.ts";
import { poll } from "../service/test-guest.ts";
import { makeTestFolder, startTestService, task } from "../service/test-service.ts";
import { checkSocketPath, findRelay } from "./guest-network.ts";

/** A folder with the real programs under the given names, and scripts that print a help text. */
async function makeSearchPath(links: Record<string, string>, scripts: Record<string, string> = {}) {
  const folder = await makeTestFolder();
  for (const [name, target] of Object.entries(links)) await symlink(target, join(folder, name));
  for (const [name, help] of Object.entries(scripts))
    await writeFile(join(folder, name), `#!/bin/sh\necho '${help}' >&2\nexit 1\n`, { mode: 0o700 });
  return folder;
}

test("the OpenBSD nc is preferred, under either of its names", async () => {
  const socat = { socat: "/usr/bin/socat" };
  const plain = await makeSearchPath({ nc: "/usr/bin/nc.openbsd", ...socat });
  expect(await findRelay(plain)).toEqual([`${plain}/nc`, "-N", "-U"]);
  const suffixed = await makeSearchPath(
    { "nc.openbsd": "/usr/bin/nc.openbsd", ...socat },
    { nc: "busybox nc" },
  );
  expect(await findRelay(suffixed)).toEqual([`${suffixed}/nc.openbsd`, "-N", "-U"]);
});

test("another nc is left alone: socat it is", async () => {
  const other = await makeSearchPath({}, { nc: "[v1.10-47]" });
  const folder = await makeSearchPath({ socat: "/usr/bin/socat" });
  expect(await findRelay(`${other}:${folder}`)).toEqual([`${folder}/socat`, "-b", "65536", "-t", "120", "-"]);
});

test("without either the error names both packages", async () => {
  const error = { code: "missing-tool", advice: expect.stringMatching(/netcat-openbsd.*socat/) };
  await expect(findRelay("")).rejects.toMatchObject(error);
});

test("a program is passed over when its path would not survive a command line", async () => {
  const folder = join(await makeTestFolder(), "with space");
  await mkdir(folder);
  await symlink("/usr/bin/nc.openbsd", join(folder, "nc"));
  await expect(findRelay(folder)).rejects.toMatchObject({ code: "missing-tool" });
});

test.each(["nc", "socat"])(
  "%s carries a request that ends with its sender's half, and its late reply",
  async (name) => {
    const service = await startTestService({ log: () => letTimePass(700) });
    const [program, ...args] = await findRelay(await makeSearchPath({ [name]: `/usr/bin/${name}` }));
    const relay = (input: string) => execa(program, [...args, service.socketPath], { input });
    const execute = await relay("GET /engine/v1/execute HTTP/1.1\r\n\r\n");
    expect(execute.stdout).toContain("200 OK");
    expect(execute.stdout).toContain(JSON.stringify(task));
    const log = await relay("POST /engine/v1/log HTTP/1.1\r\nContent-Length: 5\r\n\r\nlines");
    expect(log.stdout).toContain("200 OK");
  },
);

test.each(["nc", "socat"])("%s carries a shell", async (name) => {
  const service = await startTestService();
  const [program, ...args] = await findRelay(await makeSearchPath({ [name]: `/usr/bin/${name}` }));
  const opened = service.service.actions.openShell({ command: [], tty: false }, { receive: () => {} });
  const { id } = await poll(service);
  const relay = execa(program, [...args, service.socketPath], { buffer: false });
  const connection = Duplex.from({ readable: relay.stdout, writable: relay.stdin });
  const guest = new WebSocket(`ws://169.254.169.254/engine/v1/reply?id=${id}`, {
    createConnection: () => connection,
  });
  const closed = once(guest, "close");
  const shell = await opened;
  const echoed = Promise.withResolvers<Buffer>();
  guest.on("message", (bytes: Buffer) => echoed.resolve(bytes));
  const input = encodeShellMessage({ type: "data", stream: "stdin", payload: Buffer.alloc(16 * 1024, 7) });
  shell.send(input);
  expect(await echoed.promise).toEqual(Buffer.from(input));
  guest.send(encodeShellMessage({ type: "exit", success: true }));
  await expect(shell.ended).resolves.toEqual({ success: true });
  expect(await closed).toEqual([1000, Buffer.of()]);
  await relay;
});

test("a socket's path is short, plain and absolute", () => {
  const error = expect.objectContaining({ code: "path-too-long" });
  expect(() => checkSocketPath(`/${"a".repeat(99)}`)).not.toThrow();
  for (const path of [
    `/${"a".repeat(100)}`,
    "/tmp/a b",
    "/tmp/a,b",
    "/tmp/ü",
    "/tmp/a\n",
    "run/meta.sock",
    "",
  ])
    expect(() => checkSocketPath(path)).toThrow(error);
});
