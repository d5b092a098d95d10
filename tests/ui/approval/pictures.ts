import { copyFileSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";

/** The folder of the pictures of the last run, for people to look at. */
export const pictures = join(import.meta.dirname, "../../../.build/screenshots");

/** The folder of the pictures that this machine took when the records were last renewed, or first. */
export const approvedPictures = `${pictures}-approved`;

/** Keeps a picture as the one that later ones are compared with, if there is none or it is to be renewed. */
export function approvePicture(name: string, renews: boolean): void {
  const approved = join(approvedPictures, name);
  if (!renews && existsSync(approved)) return;
  mkdirSync(approvedPictures, { recursive: true });
  copyFileSync(join(pictures, name), approved);
}
