import { formatLatency } from "../../../../shared/text/format.ts";
import type { BootPart } from "../../../state/exchanges/boot-path.ts";

interface BootLineProps {
  readonly parts: readonly BootPart[];
  /** Whether the VM continues from a saved state, and has not booted. */
  readonly isRestored?: boolean | undefined;
}

/** The parts of the boot in their order, with their times: the way to the first request of the guest tools. */
export function BootLine({ parts, isRestored = false }: BootLineProps) {
  const [first, last] = [parts[0], parts.at(-1)];
  if (!first || !last) return null;
  return (
    <p className="boot-line">
      <strong>
        {isRestored ? "Restore" : "Boot"} {formatLatency(last.to - first.from)}
      </strong>
      {parts.map(({ name, stage, from, to }) => (
        <span key={name} className="boot-part" data-stage={stage}>
          {name} {formatLatency(to - from)}
        </span>
      ))}
    </p>
  );
}
