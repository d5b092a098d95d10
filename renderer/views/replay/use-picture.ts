import { useEffect, useState } from "react";
import { loadPicture } from "../../state/replay/load-picture.ts";

/** A picture of a session's screen, as an address for an `<img>`, null when it is lost; while it is loaded, the one before. */
export function usePicture(session: string, name: string | undefined): string | null | undefined {
  const [picture, setPicture] = useState<string | null>();
  useEffect(() => {
    if (name === undefined) return setPicture(undefined);
    let isCurrent = true;
    void loadPicture(session, name).then((loaded) => {
      if (isCurrent) setPicture(loaded);
    });
    return () => {
      isCurrent = false;
    };
  }, [session, name]);
  return picture;
}
