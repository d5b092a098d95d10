import { writeFileSync } from "node:fs";
import type { Paths } from "../storage/paths.ts";
import { type KeptRecord, keepCheckpoint } from "./kept-checkpoints.ts";

/** The record of a kept checkpoint, as tests make it. */
export const testRecord: KeptRecord = {
  ...{ version: 1, name: "a try", session: "20261124-050313-d739", time: 1_000, tag: "checkpoint-1" },
  ...{
    archive: "/images/worker.tar.lz4",
    digest: "abc",
    internet: false,
    hardware: ["m 512"],
    isRestorable: false,
  },
  task: { command: ["true"], env: { SECRET: "x" } },
  connections: [],
  progress: { stage: "started" },
};

/** Keeps a checkpoint whose memory and disk are a few bytes, or so many. */
export async function keepTestCheckpoint(
  paths: Paths,
  changed: Partial<KeptRecord> = {},
  bytes = 5,
): Promise<void> {
  await keepCheckpoint(
    paths,
    { ...testRecord, ...changed },
    {
      copy: async ({ memory, layer }) => {
        writeFileSync(memory, Buffer.alloc(bytes, 1));
        writeFileSync(layer, "layer");
      },
      signal: new AbortController().signal,
      onNote: () => {},
    },
  );
}
