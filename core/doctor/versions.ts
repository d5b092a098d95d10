import type { Versions } from "../../shared/app/host.ts";
import { askQemu } from "../qemu/hardware/capabilities.ts";
import { nodeVersion, systemVersion } from "../storage/host-versions.ts";

/** Finds the versions of the programs that run here. @param tinsmith its own version */
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
