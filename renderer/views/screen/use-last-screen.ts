import { useEffect, useState } from "react";
import { readPicture } from "../../client/read-picture.ts";

/**
 * The picture that a session has kept of its guest's last screen, as an address for an `<img>`; undefined while it is
 * loaded, null when there is none.
 */
export function useLastScreen(session: string): string | null | undefined {
  const [picture, setPicture] = useState<string | null>();
  useEffect(() => {
    let isCurrent = true;
    void readPicture(session, "screen.png")
      .catch(() => null)
      .then((loaded) => isCurrent && setPicture(loaded));
    return () => {
      isCurrent = false;
    };
  }, [session]);
  return picture;
}
