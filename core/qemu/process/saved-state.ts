import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { pipeline } from "node:stream/promises";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { AppError } from "../../../shared/errors/errors.ts";
import { explainDiskError } from "../../files/disk-errors.ts";
import type { QmpClient } from "./qmp-client.ts";

/** The arguments of a QEMU whose state is loaded before it runs. */
export const awaitsState: readonly string[] = ["-incoming", "defer"];

/** Bytes a second: the state goes to a file on this host, for which QEMU's usual limit is low. */
const bandwidth = 4 * 1024 ** 3;
/** Between two looks at how far QEMU is. Milliseconds. */
const lookInterval = 20;
/** Bytes that are read at once: a state is some 70 MB. */
const pieceSize = 1024 ** 2;

/**
 * Writes the memory and the devices of a paused virtual machine to a new file. Its disk is whole and unused after that, so
 * that it can be copied.
 *
 * @param socketPath of a unix socket, which is made for this
 * @throws AppError `qemu-failed` when a device of the machine can't be saved; `no-space`
 */
export async function saveState(qmp: QmpClient, socketPath: string, file: string): Promise<void> {
  const server = createServer();
  try {
    await once(server.listen(socketPath), "listening");
    await qmp.execute("migrate-set-parameters", { "max-bandwidth": bandwidth });
    const connected = once(server, "connection") as Promise<[Socket]>;
    await qmp.execute("migrate", { uri: `unix:${socketPath}` });
    const written = connected.then(([socket]) =>
      pipeline(socket, createWriteStream(file, { flags: "w", mode: 0o600 })).catch((error) =>
        Promise.reject(explainDiskError(file, error)),
      ),
    );
    await Promise.all([written, untilMoved(qmp)]);
  } finally {
    server.close();
  }
}

/**
 * Loads such a file into a QEMU that was started with `awaitsState`, whose hardware is the same.
 *
 * @throws AppError `qemu-failed` when it is not
 */
export async function loadState(qmp: QmpClient, socketPath: string, file: string): Promise<void> {
  await qmp.execute("migrate-incoming", { uri: `unix:${socketPath}` });
  const socket = connect(socketPath);
  await once(socket, "connect");
  // QEMU closes the connection as soon as it has read enough.
  await Promise.all([
    pipeline(createReadStream(file, { highWaterMark: pieceSize }), socket).catch(() => {}),
    untilMoved(qmp),
  ]);
}

/** Waits until the state was moved. A QEMU that has died answers no more, which is an error. */
async function untilMoved(qmp: QmpClient): Promise<void> {
  for (;;) {
    const { status } = z.object({ status: z.string().optional() }).parse(await qmp.execute("query-migrate"));
    if (status === "completed") return;
    if (status === "failed") throw notMoved();
    await delay(lookInterval);
  }
}

function notMoved(): AppError {
  return new AppError({
    code: "qemu-failed",
    message: "QEMU could not save or load the state of the virtual machine",
    advice: "Let the virtual machine boot: leave out --warm, and add --boot-each to scenarios.",
  });
}
