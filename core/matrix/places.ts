import { join } from "node:path";
import { matrixFolderName } from "../image-set/create-image-set.ts";
import type { ImageSet } from "../image-set/image-set.ts";

/** The folder in an image set of all that its matrix makes. */
export function matrixFolder({ folder }: Pick<ImageSet, "folder">): string {
  return join(folder, matrixFolderName);
}

/** The setup image that cells share. @param name the names of the values that it is built by */
export function setupPlace(set: ImageSet, name: string): string {
  const [, ending] = /(\.tar\.\w+)$/.exec(set.setupImage) ?? [];
  return join(matrixFolder(set), "setup", `${name}${ending}`);
}

/** The folder of the guest tools that cells share. */
export function toolsPlace(set: ImageSet, name: string): string {
  return join(matrixFolder(set), "guest-tools", name);
}
