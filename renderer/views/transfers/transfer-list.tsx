import type { ReactNode } from "react";
import { useStore } from "zustand";
import { type Transfer, transfers } from "../../state/guest/transfers.ts";

interface TransferListProps {
  readonly session: string;
  readonly kind: Transfer["kind"];
  readonly label: string;
  readonly children: (transfer: Transfer) => ReactNode;
}

/** The transfers of a session in one direction; nothing without any. */
export function TransferList({ session, kind, label, children }: TransferListProps) {
  const all = useStore(transfers, (state) => state.all);
  const own = all.filter((one) => one.session === session && one.kind === kind);
  if (own.length === 0) return null;
  return (
    <ul className="transfers" aria-label={label}>
      {own.map((transfer) => (
        <li key={transfer.number}>{children(transfer)}</li>
      ))}
    </ul>
  );
}
