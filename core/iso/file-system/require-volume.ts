import { AppError } from "../../../shared/errors/errors.ts";
import { readVolume, type Volume } from "../../file-systems/iso/volume.ts";
import type { IsoFile } from "./iso-file.ts";

/** Reads the volume descriptors of an ISO. @throws AppError `usage` if the file is not an ISO */
export async function requireVolume(file: IsoFile): Promise<Volume> {
  const volume = await readVolume(file);
  if (volume) return volume;
  throw new AppError({
    code: "usage",
    message: `${file.path} is not an ISO: it has no ISO 9660 volume`,
    advice: "Give the path of a CD's or DVD's image. If it should be one, download it again.",
  });
}
