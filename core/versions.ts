import type { Versions } from "../shared/host.ts";
import { nodeVersion, systemVersion } from "./host-versions.ts";
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
