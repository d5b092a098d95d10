import type { ContractRouterClient } from "@orpc/contract";
import { type Channel, socketChannel } from "../../shared/channel/channel.ts";
import type { AppContract } from "../../shared/contracts/app-contract.ts";
import { createClient } from "../../shared/contracts/calls.ts";
import type { SessionClient } from "../../shared/contracts/session-contract.ts";
import { AppError } from "../../shared/errors/errors.ts";
import { socketProtocols } from "./access.ts";
import { connectionLost } from "./connection-lost.ts";
import { desktop } from "./desktop.ts";

export type AppClient = ContractRouterClient<AppContract>;

let current: AppClient | undefined;
const sessionClients = new Map<string, { readonly client: SessionClient; readonly channel: Channel }>();

/** The engine, while there is a connection. */
export function app(): AppClient {
  if (!current) throw new Error("there is no connection to Tinsmith");
  return current;
}

/** Opens a connection to the engine, which becomes the one that `app` gives. It closes when it does not come about. */
export function openApp(): { readonly app: AppClient; readonly channel: Channel } {
  const channel = openChannel("rpc");
  const client: AppClient = createClient(channel, connectionLost);
  current = client;
  sessionClients.clear();
  return { app: client, channel };
}

/** One session, running or ended; its connection is opened when it is first asked for. */
export function sessionClient(session: string): SessionClient {
  const known = sessionClients.get(session);
  if (known) return known.client;
  const channel = openChannel(`sessions/${session}/rpc`);
  const client: SessionClient = createClient(channel, connectionLost);
  const opened = { client, channel };
  sessionClients.set(session, opened);
  channel.onClose(() => {
    if (sessionClients.get(session) === opened) sessionClients.delete(session);
  });
  return client;
}

/** Closes the connection to a session, which holds its files: the next request opens another one. */
export function closeSessionClient(session: string): void {
  sessionClients.get(session)?.channel.close();
  sessionClients.delete(session);
}

/** Opens a byte channel of a session, such as `/serial`; see shared/channel/byte-channel.ts. */
export function openByteChannel(session: string, path: string, query: Record<string, string>): Channel {
  return openChannel(`sessions/${session}${path}?${new URLSearchParams(query)}`);
}

/**
 * The address of a file that a session left, to be loaded at once: in a browser it works once only; undefined when there
 * is no such file.
 */
export async function findSessionFile(session: string, name: string): Promise<string | undefined> {
  return (await app().sessions.fileAddress({ session, name })).address;
}

/** The address of a file as `findSessionFile` gives it. @throws AppError `missing-file` */
export async function sessionFile(session: string, name: string): Promise<string> {
  const address = await findSessionFile(session, name);
  if (address) return address;
  throw new AppError({ code: "missing-file", message: `session ${session} has no file ${name}` });
}

/** The only place that knows the transport of the window's channels: ports on a desktop, WebSockets in a browser. */
function openChannel(path: string): Channel {
  const ported = desktop()?.openChannel(path);
  if (ported) return ported;
  const address = new URL(path, location.href);
  address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  return socketChannel(new WebSocket(address, socketProtocols()));
}
