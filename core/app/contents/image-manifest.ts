import { existsSync, realpathSync } from "node:fs";
import type { Manifest } from "../../../shared/library/manifest.ts";
import { readManifest } from "../../manifest/manifest-file.ts";
import { isNamedSource } from "./source-name.ts";

/** The manifest of an image; null for one without, as any is that is not an archive. @throws AppError as `readManifest` */
export function imageManifest(source: string): Manifest | null {
  if (isNamedSource(source) || !existsSync(source)) return null;
  return readManifest(realpathSync(source)) ?? null;
}
