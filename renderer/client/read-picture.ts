import { findSessionFile } from "./api-client.ts";

/**
 * Reads a picture that a session keeps, as an address for an `<img>`; null when there is none. It is read whole, since
 * a browser may load a shown picture again, and a file's address works once.
 */
export async function readPicture(session: string, file: string): Promise<string | null> {
  const address = await findSessionFile(session, file);
  if (!address) return null;
  const response = await fetch(address);
  if (!response.ok) return null;
  const reader = new FileReader();
  reader.readAsDataURL(await response.blob());
  await new Promise((resolve) => reader.addEventListener("loadend", resolve));
  return typeof reader.result === "string" ? reader.result : null;
}
