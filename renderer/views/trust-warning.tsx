import { ShieldAlert } from "lucide-react";
import { useEffect, useState } from "react";
import { toAppError } from "../../shared/errors.ts";
import { app } from "../api-client.ts";

interface TrustWarningProps {
  readonly archive: string;
  readonly isTrusted: boolean;
  /** Called with `asks` when the person has to decide, and with what they decide. */
  readonly onTrust: (trust: "unknown" | "asks" | "given") => void;
}

/** What the engine says of an image before it runs; one from elsewhere runs only when the person says so. */
export function TrustWarning({ archive, isTrusted, onTrust }: TrustWarningProps) {
  const [said, setSaid] = useState<{
    readonly archive: string;
    readonly warning?: string;
    readonly problem?: string;
  }>();
  useEffect(() => {
    if (archive === "") return;
    const controller = new AbortController();
    const ask = async () => {
      try {
        const { warning } = await app().runs.examine({ path: archive }, { signal: controller.signal });
        setSaid({ archive, ...(warning && { warning }) });
        onTrust(warning ? "asks" : "unknown");
      } catch (error) {
        if (!controller.signal.aborted) setSaid({ archive, problem: toAppError(error).message });
      }
    };
    void ask();
    return () => controller.abort();
  }, [archive, onTrust]);
  if (said?.archive !== archive) return null;
  if (said.problem) return <p className="field-hint">{said.problem}</p>;
  if (!said.warning) return null;
  return (
    <div className="trust-warning" role="alert">
      <ShieldAlert size={16} aria-hidden />
      <p>{said.warning}</p>
      <label className="choice">
        <input type="checkbox" checked={isTrusted} onChange={() => onTrust(isTrusted ? "asks" : "given")} />I
        trust it
      </label>
    </div>
  );
}
