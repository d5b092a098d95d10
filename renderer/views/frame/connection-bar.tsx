import type { ConnectionStatus } from "../../state/connection.ts";

/** Says that the engine can't be reached; what is shown stays, and is brought up to date afterwards. */
export function ConnectionBar({ status }: { readonly status: ConnectionStatus }) {
  return (
    <p className="connection-bar" role="status">
      {status === "connecting"
        ? "Connecting to Tinsmith…"
        : "The connection to Tinsmith is lost. Trying again; nothing that runs is affected. If it does not come back, start tinsmith serve again and open the address that it prints."}
    </p>
  );
}
