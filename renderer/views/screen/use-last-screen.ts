import { useEffect, useState } from "react";
import { findSessionFile } from "../../client/api-client.ts";

/**
 * The picture that a session has kept of its guest's last screen, as an address for an `<img>`; undefined while it is
 * loaded, null when there is none.
 */
export function useLastScreen(session: string): string | null | undefined {
  const [picture, setPicture] = useState<string | null>();
  useEffect(() => {
    let isCurrent = true;
    void loadPicture(session)
      .catch(() => null)
      .then((loaded) => isCurrent && setPicture(loaded));
    return () => {
      isCurrent = false;
    };
  }, [session]);
  return picture;
}

/** Loaded whole, since a browser may load a shown picture again, and the file's address works once. */
async function loadPicture(session: string): Promise<string | null> {
  const address = await findSessionFile(session, "screen.png");
  if (!address) return null;
  const response = await fetch(address);
  if (!response.ok) return null;
  const reader = new FileReader();
  reader.readAsDataURL(await response.blob());
  await new Promise((resolve) => reader.addEventListener("loadend", resolve));
  return typeof reader.result === "string" ? reader.result : null;
}
