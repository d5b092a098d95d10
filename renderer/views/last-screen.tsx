import { useState } from "react";
import { sessionFile } from "../api-client.ts";

/** What the guest's screen showed last, where the session has kept that. */
export function LastScreen({ session }: { readonly session: string }) {
  const [isThere, setThere] = useState(true);
  if (!isThere) return null;
  return (
    <figure>
      <img
        src={sessionFile(session, "screen.png")}
        alt="What the guest's screen showed last"
        onError={() => setThere(false)}
      />
      <figcaption>Last screen</figcaption>
    </figure>
  );
}
