import { expect, test } from "vitest";
import { parseConnections, strayPacket } from "./stale-connections.ts";

const list = `Hub 0 (network):
  Protocol[State]    FD  Source Address  Port   Dest. Address  Port RecvQ SendQ
  TCP[ESTABLISHED]   21    169.254.2.15 44698 169.254.169.254    80     0     0
  TCP[TIME_WAIT]     19    169.254.2.15 44676 169.254.169.254    80     0     0
  TCP[HOST_FORWARD]  17       127.0.0.1  7000    169.254.2.15  7000     0     0
  UDP[236 sec]       15    169.254.2.15    68     169.254.0.2    67     0     0
`;
const connection = {
  guest: { address: "169.254.2.15", port: 44698 },
  other: { address: "169.254.169.254", port: 80 },
};

test("the connections that a guest has open are found in QEMU's list, and no others", () => {
  expect(parseConnections(list)).toEqual([connection]);
  expect(parseConnections("")).toEqual([]);
});

test("a stray packet is an acknowledgement from the other side to the guest, with right checksums", () => {
  const packet = strayPacket(connection, "aa:54:1a:30:5c:de");
  expect(packet.length).toBe(54);
  expect(packet.subarray(0, 6).toString("hex")).toBe("aa541a305cde");
  expect([...packet.subarray(26, 34)]).toEqual([169, 254, 169, 254, 169, 254, 2, 15]);
  expect([packet.readUInt16BE(34), packet.readUInt16BE(36)]).toEqual([80, 44698]);
  // Sums of 16-bit words with their checksum are all ones.
  const sum = (bytes: Buffer) => {
    let total = 0;
    for (let at = 0; at < bytes.length; at += 2) total += bytes.readUInt16BE(at);
    while (total > 0xffff) total = (total & 0xffff) + (total >>> 16);
    return total;
  };
  expect(sum(packet.subarray(14, 34))).toBe(0xffff);
  const pseudo = Buffer.concat([packet.subarray(26, 34), Buffer.from([0, 6, 0, 20])]);
  expect(sum(Buffer.concat([pseudo, packet.subarray(34)]))).toBe(0xffff);
});
