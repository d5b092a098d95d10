import type { ConnectionStatus } from "../../state/connection/connection.ts";

const texts: Readonly<Record<Exclude<ConnectionStatus, "connected">, string>> = {
  connecting: "Connecting to Tinsmith…",
  lost: "The connection to Tinsmith is lost. Trying again; builds and runs are not affected. If this takes long, start tinsmith serve again and open the link that it prints.",
  refused:
    "tinsmith serve has ended, and another program uses its address now. Open the link that the newest tinsmith serve prints; builds and runs are not affected.",
  replaced:
    "The tinsmith serve of this window has ended, and another tinsmith serve uses its address now. Open the link that it printed; builds and runs are not affected.",
};

/** Says that the engine can't be reached; the views keep their content, and are updated afterwards. */
export function ConnectionBar({ status }: { readonly status: keyof typeof texts }) {
  return (
    <p className="connection-bar" role="status">
      {texts[status]}
    </p>
  );
}
