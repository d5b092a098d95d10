import { once } from "node:events";
import type { ContractRouterClient } from "@orpc/contract";
import { WebSocket } from "ws";
import { webSocketChannel } from "../../../core/session/serve/web-socket-channel.ts";
import type { AppContract } from "../../../shared/contracts/app-contract.ts";
import { createClient } from "../../../shared/contracts/calls.ts";
import { accessPath, secretSchema, socketProtocol } from "../../../shared/contracts/window-access.ts";
import { fetchFromLoopback, lookUpLoopback } from "../../fetch-from-loopback.ts";

/** Opens a link of `tinsmith serve` and calls its engine as the window does. */
export async function openWindow(link: string): Promise<ContractRouterClient<AppContract>> {
  const { origin, host, hash } = new URL(link);
  const response = await fetchFromLoopback(`${origin}${accessPath}`, {
    method: "POST",
    headers: { Origin: origin, "Content-Type": "application/json" },
    body: JSON.stringify({ token: hash.slice("#token=".length) }),
  });
  const { secret } = secretSchema.parse(await response.json());
  const socket = new WebSocket(`ws://${host}/rpc`, [socketProtocol, secret], {
    headers: { Origin: origin },
    lookup: lookUpLoopback,
  });
  socket.on("error", () => {});
  await once(socket, "open");
  return createClient(webSocketChannel(socket), () => new Error("tinsmith serve has ended"));
}
