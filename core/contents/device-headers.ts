import { randomBytes } from "node:crypto";
import type { TarHeader } from "modern-tar";
import type { FileEntry } from "../file-systems/file-system.ts";
import { tarBlockSize, tarFields, withTarChecksum, writeTarNumber } from "../image/tar/tar-header.ts";

type Device = NonNullable<FileEntry["device"]>;

const { type, ownerName, deviceMajor, deviceMinor } = tarFields;
const deviceTypes = ["3", "4"];

/**
 * Fills the numbers of devices into the headers of a tar archive, which modern-tar leaves out. A header is known by a mark in the place
 * of the owner's name, which is not used. The mark is random, so that no content of a file looks like it.
 */
export class DeviceHeaders {
  readonly #devices = new Map<string, Device>();

  /** The header of a device, with its mark. */
  mark(header: TarHeader, device: Device): TarHeader {
    const uname = randomBytes(ownerName.length / 2).toString("hex");
    this.#devices.set(uname, device);
    return { ...header, uname };
  }

  /** The pieces of the archive, in which a header is a piece. */
  async *fill(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const piece of pieces) {
      if (piece.length === tarBlockSize)
        this.#fillBlock(Buffer.from(piece.buffer, piece.byteOffset, piece.length));
      yield piece;
    }
  }

  #fillBlock(block: Buffer): void {
    const { start, length } = ownerName;
    const device = this.#devices.get(block.toString("latin1", start, start + length));
    if (!device) return;
    block.fill(0, start, start + length);
    // A header with a long name comes before the device's own, and has the mark, too.
    if (deviceTypes.includes(block.toString("latin1", type.start, type.start + type.length))) {
      writeTarNumber(block, deviceMajor, device.major);
      writeTarNumber(block, deviceMinor, device.minor);
    }
    withTarChecksum(block);
  }
}
