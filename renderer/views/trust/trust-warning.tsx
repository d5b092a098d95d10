import { ShieldAlert } from "lucide-react";
import type { ArchiveTrust } from "./use-archive-trust.ts";

/**
 * Tells why an archive can't be booted yet: it is being examined, can't be examined, or was not made here and has to
 * be accepted.
 */
export function TrustWarning({ trust }: { readonly trust: ArchiveTrust }) {
  const { status, text, accepted, accept } = trust;
  if (status === "none" || status === "fine") return null;
  if (status === "failed")
    return (
      <p className="form-error" role="alert">
        The image can't be booted: {text}.
      </p>
    );
  if (status === "examining")
    return (
      <p className="field-hint" role="status">
        Reading the archive, to see whether it was made here…
      </p>
    );
  return (
    <div className="trust-warning" role="alert">
      <ShieldAlert size={16} aria-hidden />
      <p>{text}</p>
      <label className="choice">
        <input
          type="checkbox"
          checked={accepted !== undefined}
          onChange={({ target }) => accept(target.checked)}
        />
        I trust this archive
      </label>
    </div>
  );
}
