import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { findService } from "./service-address.ts";

const { signal } = new AbortController();

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "ts-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

test("a socket and a port at which something listens are addresses", async () => {
  const socketPath = join(newFolder(), "socket");
  const servers = [createServer(), createServer()] as const;
  onTestFinished(() => servers.forEach((server) => void server.close()));
  await once(servers[0].listen(socketPath), "listening");
  await once(servers[1].listen(0, "127.0.0.1"), "listening");
  const { port } = servers[1].address() as AddressInfo;
  expect(await findService(socketPath, signal)).toEqual({ socketPath });
  expect(await findService(`http://127.0.0.1:${port}/`, signal)).toEqual({ host: "127.0.0.1", port });
  servers[1].close();
  await expect(findService(`http://127.0.0.1:${port}/`, signal)).rejects.toMatchObject({
    code: "usage",
    message: `nothing answers at http://127.0.0.1:${port}/`,
  });
});

test("anything else is refused, with what is there", async () => {
  const folder = newFolder();
  const file = join(folder, "file");
  writeFileSync(file, "text");
  const advice = expect.stringContaining("Give the unix socket of a MetaService");
  const expected = {
    [join(folder, "missing")]: ["missing-file", `${join(folder, "missing")} does not exist`],
    [file]: ["usage", `${file} is a file, not a socket`],
    [folder]: ["usage", `${folder} is a folder, not a socket`],
    "ftp://127.0.0.1/": ["usage", "ftp://127.0.0.1/ is not an address of HTTP"],
    "https://127.0.0.1/": ["usage", "https://127.0.0.1/ is not an address of HTTP"],
    "http://": ["usage", "http:// is not an address of HTTP"],
  };
  for (const [address, [code, message]] of Object.entries(expected))
    await expect(findService(address, signal), address).rejects.toMatchObject({ code, message, advice });
});
