import { MonitorOff } from "lucide-react";
import { useStore } from "zustand";
import { sessions } from "../../state/connection/app-state.ts";
import { EmptyState } from "../../ui/messages/empty-state.tsx";
import { useLastScreen } from "./use-last-screen.ts";

/** In place of a screen: why there is none, and the last one, when the session has left a picture of it. */
export function NoScreen({ session }: { readonly session: string }) {
  const status = useStore(sessions, ({ value }) => value?.find(({ id }) => id === session)?.status);
  if (status === "running")
    return (
      <EmptyState icon={MonitorOff} title="No virtual machine now">
        <p>Its screen is shown here as soon as one boots.</p>
      </EmptyState>
    );
  return <EndedScreen session={session} />;
}

/** Asks for the picture once the session has ended: it is written at the end. */
function EndedScreen({ session }: { readonly session: string }) {
  const picture = useLastScreen(session);
  return (
    <div className="screen-ended">
      {picture && (
        <figure>
          <img src={picture} alt="The last screen of the guest" />
          <figcaption>The last screen. The session has ended.</figcaption>
        </figure>
      )}
      {picture === null && (
        <EmptyState icon={MonitorOff} title="The session has ended">
          <p>There is no picture of its last screen. See its serial console.</p>
        </EmptyState>
      )}
    </div>
  );
}
