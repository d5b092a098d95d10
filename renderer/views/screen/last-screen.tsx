import { useLastScreen } from "./use-last-screen.ts";

/** The last screen of the guest, where the session has kept that. */
export function LastScreen({ session }: { readonly session: string }) {
  const picture = useLastScreen(session);
  if (!picture) return null;
  return (
    <figure>
      <img src={picture} alt="The last screen of the guest" />
      <figcaption>Last screen</figcaption>
    </figure>
  );
}
