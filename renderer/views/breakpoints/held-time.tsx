import { useNow } from "../../ui/use-now.ts";

/** For how long a message is held, in seconds. @param since in milliseconds since the epoch */
export function HeldTime({ since }: { readonly since: number }) {
  const now = useNow(true);
  return <time>{Math.max(0, Math.floor((now - since) / 1000))} s</time>;
}
