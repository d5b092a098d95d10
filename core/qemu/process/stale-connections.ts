import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { z } from "zod";
import { cardPort } from "../arguments/network-arguments.ts";
import type { QmpClient } from "./qmp-client.ts";

/** A TCP connection that a guest has opened. Addresses are as in 169.254.2.15. */
export interface GuestConnection {
  readonly guest: { readonly address: string; readonly port: number };
  readonly other: { readonly address: string; readonly port: number };
}

/** QEMU's names for what is used for a moment here. */
const channel = "packets";
const filter = "packet-filter";

/** The connections that a guest has open. */
export async function openConnections(qmp: QmpClient): Promise<readonly GuestConnection[]> {
  const text = z
    .string()
    .parse(await qmp.execute("human-monitor-command", { "command-line": "info usernet" }));
  return parseConnections(text);
}

/** @param text QEMU's list of the connections of its network, for people */
export function parseConnections(text: string): readonly GuestConnection[] {
  const line = /TCP\[(\w+)\] +\d+ +([\d.]+) +(\d+) +([\d.]+) +(\d+)/g;
  return [...text.matchAll(line)].flatMap(([, state, address = "", port, otherAddress = "", otherPort]) =>
    state === "ESTABLISHED" || state === "CLOSE_WAIT"
      ? [
          {
            guest: { address, port: Number(port) },
            other: { address: otherAddress, port: Number(otherPort) },
          },
        ]
      : [],
  );
}

/**
 * Lets a guest find out at once that connections are gone that its network doesn't know: a guest that only waits for
 * data would wait until its time is up. A packet that fits into none of them makes the guest speak, and the network answers that with a
 * reset.
 *
 * @param mac the guest's
 * @param socketPath of a unix socket, which is made for this
 */
export async function breakConnections(
  qmp: QmpClient,
  connections: readonly GuestConnection[],
  { mac, socketPath }: { readonly mac: string; readonly socketPath: string },
): Promise<void> {
  if (connections.length === 0) return;
  const server = createServer();
  await once(server.listen(socketPath), "listening");
  try {
    const connected = once(server, "connection") as Promise<[Socket]>;
    const data = { addr: { type: "unix", data: { path: socketPath } }, server: false };
    await qmp.execute("chardev-add", { id: channel, backend: { type: "socket", data } });
    const [socket] = await connected;
    const place = { netdev: cardPort, queue: "tx", indev: channel };
    await qmp.execute("object-add", { "qom-type": "filter-redirector", id: filter, ...place });
    for (const connection of connections) socket.write(withLength(strayPacket(connection, mac)));
    // QEMU reads the packets before it reads the end, at which it lets the channel go.
    const closed = once(socket, "close");
    socket.on("error", () => {}).end();
    socket.resume();
    await closed;
    await qmp.execute("object-del", { id: filter });
    await qmp.execute("chardev-remove", { id: channel });
  } finally {
    server.close();
  }
}

/** An Ethernet frame with an acknowledgement of TCP whose numbers mean nothing. */
export function strayPacket({ guest, other }: GuestConnection, mac: string): Buffer {
  const ethernet = Buffer.from(`${mac.replaceAll(":", "")}5255000000010800`, "hex");
  const ip = Buffer.alloc(20);
  const tcp = Buffer.alloc(20);
  ip[0] = 0x45;
  ip.writeUInt16BE(ip.length + tcp.length, 2);
  ip[8] = 64;
  ip[9] = 6;
  ip.set(other.address.split(".").map(Number), 12);
  ip.set(guest.address.split(".").map(Number), 16);
  ip.writeUInt16BE(checksum(ip), 10);
  tcp.writeUInt16BE(other.port, 0);
  tcp.writeUInt16BE(guest.port, 2);
  tcp.writeUInt32BE(0x12345678, 4);
  tcp[12] = 0x50;
  tcp[13] = 0x10;
  tcp.writeUInt16BE(8192, 14);
  const pseudoHeader = Buffer.concat([ip.subarray(12), Buffer.from([0, 6, 0, tcp.length])]);
  tcp.writeUInt16BE(checksum(Buffer.concat([pseudoHeader, tcp])), 16);
  return Buffer.concat([ethernet, ip, tcp]);
}

/** The checksum of IP and TCP. @param bytes an even number of them */
function checksum(bytes: Buffer): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += bytes.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

function withLength(packet: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(packet.length);
  return Buffer.concat([length, packet]);
}
