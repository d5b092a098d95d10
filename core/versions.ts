import { release } from "node:os";
import type { Versions } from "../shared/host.ts";
import { askQemu } from "./qemu/capabilities.ts";

/** What runs here. @param tinsmith its own version */
export async function findVersions(tinsmith: string): Promise<Versions> {
  return {
    tinsmith,
    node: nodeVersion(),
    qemu: await askQemu().then(
      ({ version }) => version,
      () => "not installed",
    ),
    system: systemVersion(),
  };
}

export function nodeVersion(): string {
  const { node, electron } = process.versions;
  return electron === undefined ? node : `${node} in Electron ${electron}`;
}

export function systemVersion(): string {
  return `${process.platform} ${process.arch}, kernel ${release()}`;
}
