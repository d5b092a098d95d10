import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { findOrMakeState } from "../../../core/states/state-store.ts";
import { findPaths } from "../../../core/storage/paths.ts";

// make-state.ts KEY
// Saves a state of that key, if there is none: 64 pieces of memory that come one after another, as from QEMU.

const [key = ""] = process.argv.slice(2);
const piece = Buffer.alloc(256 * 1024, 7);
using _state = await findOrMakeState(findPaths(), {
  ...{
    key,
    what: "a state",
    image: { archive: "/a.tar.lz4", digest: "a" },
    signal: new AbortController().signal,
  },
  make: async ({ memory, layer }) => {
    await pipeline(Readable.from(Array(64).fill(piece)), createWriteStream(memory));
    await pipeline(Readable.from([piece]), createWriteStream(layer));
  },
});
