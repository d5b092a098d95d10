import { type GuestNetwork, networkId, networkParts, networkPort } from "../arguments/network-arguments.ts";
import type { QmpClient } from "./qmp-client.ts";

/**
 * Replaces a guest's network by a new one, which knows none of the guest's connections: it ends their other sides, and
 * answers packets of theirs with a reset. The network card notices nothing.
 *
 * @throws AppError `qemu-failed` when another program has taken a forwarded port meanwhile
 */
export async function renewNetwork(qmp: QmpClient, network: GuestNetwork): Promise<void> {
  for (const id of [networkPort, networkId]) await qmp.execute("netdev_del", { id });
  for (const part of networkParts(network)) await qmp.execute("netdev_add", asArguments(part));
}

/** QMP has texts that may be given many times as objects. */
function asArguments(part: ReturnType<typeof networkParts>[number]): Readonly<Record<string, unknown>> {
  const entries = Object.entries(part).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.map((str: string) => ({ str })) : value,
  ]);
  return Object.fromEntries(entries);
}
