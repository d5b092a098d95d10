import { once } from "node:events";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { createServer } from "node:net";
import { basename } from "node:path";
import { AppError } from "../../shared/errors/errors.ts";
import { hasErrorCode } from "../../shared/errors/system-error.ts";

/**
 * Makes sure that nobody listens on a TCP port of 127.0.0.1.
 *
 * @throws AppError `busy` with the process that does, `no-permission` for a port that this user may not have
 */
export async function requireFreePort(port: number): Promise<void> {
  const server = createServer();
  try {
    await once(server.listen(port, "127.0.0.1"), "listening");
  } catch (cause) {
    throw explain(port, cause);
  }
  server.close();
  await once(server, "close");
}

function explain(port: number, cause: unknown): AppError {
  if (hasErrorCode(cause, "EACCES"))
    return new AppError(
      {
        code: "no-permission",
        message: `this user may not listen on port ${port} of this host`,
        advice: "Choose a port from 1024 up.",
      },
      { cause },
    );
  if (!hasErrorCode(cause, "EADDRINUSE"))
    return new AppError(
      { code: "busy", message: `port ${port} can't be used: ${cause}`, advice: "Choose another port." },
      { cause },
    );
  const owner = findPortOwner(port);
  const user = owner ? `${owner.name} (process ${owner.id})` : "a process of another user";
  return new AppError(
    {
      code: "busy",
      message: `port ${port} of this host is already in use by ${user}`,
      advice: owner ? "End that process, or choose another port." : "Choose another port.",
    },
    { cause },
  );
}

/** The process of this user that listens on a port; undefined when it is another user's, or there is no /proc. */
function findPortOwner(port: number): { readonly id: number; readonly name: string } | undefined {
  const sockets = new Set(["tcp", "tcp6"].flatMap((table) => listeningSockets(table, port)));
  const ids = readable(() => readdirSync("/proc"), []).filter((name) => /^\d+$/.test(name));
  for (const id of ids) {
    const files = readable(() => readdirSync(`/proc/${id}/fd`), []);
    const isOwner = files.some((file) =>
      sockets.has(readable(() => readlinkSync(`/proc/${id}/fd/${file}`), "")),
    );
    if (isOwner)
      return {
        id: Number(id),
        name: readable(
          () => basename(readlinkSync(`/proc/${id}/exe`)).replace(/ \(deleted\)$/, ""),
          "a process",
        ),
      };
  }
  return undefined;
}

/** The number that the kernel's tables have for a socket that listens. */
const listening = "0A";

/** The sockets that listen on a port, as links of open files name them: proc(5) has the columns of the table. */
function listeningSockets(table: string, port: number): readonly string[] {
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  return readable(() => readFileSync(`/proc/net/${table}`, "utf8"), "")
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[1]?.endsWith(`:${hex}`) && columns[3] === listening)
    .map((columns) => `socket:[${columns[9]}]`);
}

/** Processes end while they are looked at, and those of other users can't be. */
function readable<Value>(read: () => Value, otherwise: Value): Value {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
