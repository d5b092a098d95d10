import type { ReactNode } from "react";
import { useStore } from "zustand";
import { type Transfer, transfers } from "../../state/guest/transfers.ts";

interface TransferListProps {
  /** The id of a session, or the path of an image. */
  readonly owner: string;
  readonly kind: Transfer["kind"];
  readonly label: string;
  readonly children: (transfer: Transfer) => ReactNode;
}

/** The transfers of a session or an image in one direction; nothing without any. */
export function TransferList({ owner, kind, label, children }: TransferListProps) {
  const all = useStore(transfers, (state) => state.all);
  const own = all.filter((one) => one.owner === owner && one.kind === kind);
  if (own.length === 0) return null;
  return (
    <ul className="transfers" aria-label={label}>
      {own.map((transfer) => (
        <li key={transfer.number}>{children(transfer)}</li>
      ))}
    </ul>
  );
}
