import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { eventually } from "../../../tests/eventually.ts";
import {
  base64,
  connectTo,
  echo,
  end,
  ends,
  send,
  startRecordedServer,
} from "../../../tests/recorded-server.ts";

test("bytes are kept as they were when they were written", async () => {
  const server = await startRecordedServer((_incoming, response) => {
    const block = Buffer.alloc(6000, "a");
    response.write(block, () => {
      response.end(block.fill("b"));
    });
  });
  const reply = await send(server, "GET", "/");
  const { reply: recorded } = await end(server);
  expect(readFileSync(join(server.folder, recorded.file ?? "")).equals(reply)).toBe(true);
  expect(recorded.beginning).toBe(base64("a".repeat(4096)));
});

test("longer bodies are in files, from their first byte to the limit, for this user's eyes only", async () => {
  const server = await startRecordedServer(echo);
  const body = randomBytes(3e6);
  await send(server, "POST", "/", body.subarray(0, 4096));
  await send(server, "POST", "/", body.subarray(0, 4097));
  expect(await send(server, "POST", "/", body)).toHaveLength(body.length);
  const [short, longer, longest] = await ends(server, 3);
  expect(short).toMatchObject({ request: { file: undefined }, reply: { file: undefined } });
  expect(longer).toMatchObject({ request: { file: "bodies/2.request" }, reply: { file: "bodies/2.reply" } });
  expect(readdirSync(join(server.folder, "bodies")).sort()).toEqual([
    "2.reply",
    "2.request",
    "3.reply",
    "3.request",
  ]);
  for (const recorded of [longer?.request, longer?.reply, longest?.request, longest?.reply]) {
    const path = join(server.folder, recorded?.file ?? "");
    expect(readFileSync(path).equals(body.subarray(0, Math.min(recorded?.bytes ?? 0, 1024 ** 2)))).toBe(true);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(recorded?.beginning).toBe(body.subarray(0, 4096).toString("base64"));
  }
  expect(longest).toMatchObject({ request: { bytes: 3e6 }, reply: { bytes: 3e6 } });
  expect(statSync(join(server.folder, "bodies")).mode & 0o777).toBe(0o700);
});

test("a body in small pieces is kept like any other", async () => {
  const server = await startRecordedServer(echo);
  const body = randomBytes(20_000);
  const guest = await connectTo(server);
  guest.write(`POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n`);
  for (let start = 0; start < body.length; start += 10)
    guest.write(Buffer.concat([Buffer.from("a\r\n"), body.subarray(start, start + 10), Buffer.from("\r\n")]));
  guest.write("0\r\n\r\n");
  const { request: recorded } = await end(server);
  expect(readFileSync(join(server.folder, recorded.file ?? "")).equals(body)).toBe(true);
});

test("a body that pauses until the disk has what came goes on in the same file", async () => {
  const server = await startRecordedServer(echo);
  const shell = server.recorder.beginUpgrade({ rawHeaders: [] });
  const path = join(server.folder, "bodies/1.request");
  for (const bytes of [5_000, 6_000, 7_000]) {
    shell.received(Buffer.alloc(bytes === 5_000 ? bytes : 1_000));
    await eventually(() => expect(statSync(path).size).toBe(bytes), { interval: 5 });
    await setImmediate();
  }
  shell.ended("complete");
  expect(await end(server)).toMatchObject({ request: { bytes: 7_000, file: "bodies/1.request" } });
});

test("all files of a session together have a limit", async () => {
  const server = await startRecordedServer(
    (incoming, response) => void incoming.resume().on("end", () => response.end()),
    {
      session: 25_000,
    },
  );
  const body = randomBytes(10_000);
  for (let number = 0; number < 5; number++) await send(server, "POST", "/", body);
  const ended = await ends(server, 5);
  const sizes = ended.map(({ request: { file } }) => file && statSync(join(server.folder, file)).size);
  expect(sizes).toEqual([10_000, 10_000, 5_000, undefined, undefined]);
  expect(ended.at(-1)?.request).toMatchObject({
    bytes: 10_000,
    beginning: body.subarray(0, 4096).toString("base64"),
  });
  expect(server.notes).toEqual([
    "From here on, Tinsmith keeps only the first 4.1 kB of each body of the guest's requests and replies: they have grown to 25.0 kB.",
  ]);
});

test("bodies leave space on the disk, which is said once", async () => {
  const server = await startRecordedServer(echo, { reserve: Number.MAX_SAFE_INTEGER });
  const body = randomBytes(5_000);
  for (let number = 0; number < 2; number++) expect(await send(server, "POST", "/", body)).toEqual(body);
  for (const ended of await ends(server, 2))
    expect(ended.request).toMatchObject({ bytes: 5_000, file: undefined });
  expect(server.notes).toEqual([
    expect.stringMatching(/only the first 4\.1 kB of each .* their disk has less than/),
  ]);
});

test("a file that can't be written costs that file only, and gives back its room", async () => {
  const server = await startRecordedServer(echo, { session: 10_000 });
  const bodies = join(server.folder, "bodies");
  writeFileSync(bodies, "no folder");
  const body = randomBytes(5_000);
  expect(await send(server, "POST", "/", body)).toEqual(body);
  expect(await end(server)).toMatchObject({
    outcome: "complete",
    request: { bytes: 5_000, file: undefined },
    reply: { bytes: 5_000, file: undefined },
  });
  expect(readFileSync(bodies, "utf8")).toBe("no folder");
  rmSync(bodies);
  expect(await send(server, "POST", "/", body)).toEqual(body);
  const [, second] = await ends(server, 2);
  for (const recorded of [second?.request, second?.reply])
    expect(readFileSync(join(server.folder, recorded?.file ?? "")).equals(body)).toBe(true);
});

test("a file that already exists is neither written to nor removed", async () => {
  const server = await startRecordedServer(echo);
  const path = join(server.folder, "bodies/1.request");
  mkdirSync(join(server.folder, "bodies"));
  writeFileSync(path, "of an earlier time");
  await send(server, "POST", "/", randomBytes(5_000));
  expect(await end(server)).toMatchObject({
    request: { file: undefined },
    reply: { file: "bodies/1.reply" },
  });
  expect(readFileSync(path, "utf8")).toBe("of an earlier time");
});
