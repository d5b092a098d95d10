import { X } from "lucide-react";
import type { ReactNode } from "react";
import { escapeName } from "../../../shared/text/escape-name.ts";
import { formatBytes } from "../../../shared/text/format.ts";
import { forgetTransfer, type Transfer } from "../../state/guest/transfers.ts";
import { IconButton } from "../../ui/button.tsx";
import { ErrorText } from "../../ui/messages/error-text.tsx";
import { ProgressBar } from "../../ui/progress-bar.tsx";
import { StateMark, type StateName } from "../../ui/state-mark.tsx";
import "./transfers.css";

interface TransferItemProps {
  readonly transfer: Transfer;
  /** Shown until the first bytes have come. */
  readonly wait?: ReactNode;
  /** Buttons for one that is done. */
  readonly tools?: ReactNode;
}

const states: Readonly<Record<Transfer["status"], readonly [StateName, string]>> = {
  running: ["busy", "In progress"],
  done: ["good", "Done"],
  failed: ["bad", "Failed"],
  cancelled: ["none", "Cancelled"],
};

/** A copy between host and guest, with how far it is, or how it has ended. */
export function TransferItem({ transfer, wait, tools }: TransferItemProps) {
  const { kind, source, target, bytes, total, status, error, number, cancel } = transfer;
  const [state, label] = states[status];
  const isRunning = status === "running";
  return (
    <>
      <div className="transfer">
        <StateMark state={state} label={label} />
        <span className="transfer-names" title={escapeName(target)}>
          <bdi>{escapeName(source)}</bdi> to <bdi>{escapeName(target)}</bdi>
        </span>
        <span>{describeAmount(transfer)}</span>
        {status === "done" && tools}
        <IconButton
          icon={X}
          label={isRunning ? `Cancel the ${kind}` : "Remove from the list"}
          onClick={() => (isRunning ? cancel() : forgetTransfer(number))}
        />
      </div>
      {isRunning && bytes > 0 && (
        <ProgressBar
          label={`${kind[0]?.toUpperCase()}${kind.slice(1)} of ${escapeName(source)}`}
          fraction={total ? bytes / total : undefined}
        />
      )}
      {isRunning && bytes === 0 && wait}
      {error && <ErrorText error={error} />}
    </>
  );
}

function describeAmount({ bytes, total, status }: Transfer): string {
  if (status === "done") return formatBytes(bytes);
  if (status !== "running") return "";
  return total === undefined ? formatBytes(bytes) : `${formatBytes(bytes)} of ${formatBytes(total)}`;
}
