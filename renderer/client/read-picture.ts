import { isPng, pngSignatureBytes } from "../../shared/session/recording-faults.ts";
import { findSessionFile } from "./api-client.ts";

/**
 * Reads a picture that a session keeps, as an address for an `<img>`; null when there is none, or it is not a PNG. It is read
 * whole, since a browser may load a shown picture again, and a file's address works once.
 */
export async function readPicture(session: string, file: string): Promise<string | null> {
  const address = await findSessionFile(session, file);
  if (!address) return null;
  const response = await fetch(address);
  if (!response.ok) return null;
  const picture = await response.blob();
  if (!isPng(new Uint8Array(await picture.slice(0, pngSignatureBytes).arrayBuffer()))) return null;
  const reader = new FileReader();
  reader.readAsDataURL(picture);
  await new Promise((resolve) => reader.addEventListener("loadend", resolve));
  return typeof reader.result === "string" ? reader.result : null;
}
