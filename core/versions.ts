import { release } from "node:os";
import type { Versions } from "../shared/host.ts";
import { askQemu } from "./qemu/capabilities.ts";

/** What runs here. @param tinsmith its own version */
export async function findVersions(tinsmith: string): Promise<Versions> {
  const { node, electron } = process.versions;
  return {
    tinsmith,
    node: electron === undefined ? node : `${node} in Electron ${electron}`,
    qemu: await askQemu().then(
      ({ version }) => version,
      () => "not installed",
    ),
    system: `${process.platform} ${process.arch}, kernel ${release()}`,
  };
}
