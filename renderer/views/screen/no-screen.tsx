import { MonitorOff } from "lucide-react";
import { useState } from "react";
import { sessionFile } from "../../api-client.ts";
import { sessions } from "../../state/app-state.ts";
import { useStore } from "../../state/store.ts";
import { EmptyState } from "../../ui/empty-state.tsx";

/** In place of a screen: why there is none, and the last one, when the session has left a picture of it. */
export function NoScreen({ session }: { readonly session: string }) {
  const [hasPicture, setPicture] = useState(true);
  const status = useStore(sessions, ({ value }) => value?.find(({ id }) => id === session)?.status);
  if (status === "running")
    return (
      <EmptyState icon={MonitorOff} title="No virtual machine now">
        <p>Its screen is here as soon as one boots.</p>
      </EmptyState>
    );
  return (
    <div className="screen-ended">
      {hasPicture && (
        <figure>
          <img
            src={sessionFile(session, "screen.png")}
            alt="What the screen showed last"
            onError={() => setPicture(false)}
          />
          <figcaption>The last screen. The session has ended.</figcaption>
        </figure>
      )}
      {!hasPicture && (
        <EmptyState icon={MonitorOff} title="The session has ended">
          <p>It has left no picture of its screen; what it printed is in its serial console.</p>
        </EmptyState>
      )}
    </div>
  );
}
