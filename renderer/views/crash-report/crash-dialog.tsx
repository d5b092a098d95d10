import type { StoredCrashReport } from "../../../shared/app/crash-report.ts";
import { formatDate } from "../../../shared/text/format.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialogs/dialog.tsx";
import { ExportButton } from "../export/export-button.tsx";
import "./crash-dialog.css";

interface CrashDialogProps {
  readonly crash: StoredCrashReport;
  readonly onClose: () => void;
}

/** The report of an error that nobody caught. */
export function CrashDialog({ crash: { id, path, report }, onClose }: CrashDialogProps) {
  const { program, session, time, versions, error, running, lastLines } = report;
  return (
    <Dialog
      title="Crash report"
      description={error.message}
      onClose={onClose}
      actions={
        <>
          <ExportButton id={id} />
          <Button look="primary" onClick={onClose}>
            Close
          </Button>
        </>
      }
    >
      <dl className="facts">
        <dt>Process</dt>
        <dd>{session ? `${program}, of ${session.title}` : program}</dd>
        <dt>Time</dt>
        <dd>{formatDate(time)}</dd>
        <dt>Versions</dt>
        <dd>
          Tinsmith {versions.tinsmith}, Node {versions.node}, {versions.system}
        </dd>
        <dt>Sessions</dt>
        <dd>{running.map(({ title }) => title).join(", ") || "None was running"}</dd>
        <dt>Report</dt>
        <dd className="mono">{path}</dd>
      </dl>
      <CrashText label="Stack trace" text={error.stack} />
      <CrashText label="Last events" text={lastLines.join("\n")} />
    </Dialog>
  );
}

function CrashText({ label, text }: { readonly label: string; readonly text: string }) {
  if (text === "") return null;
  return (
    <section className="crash-text" aria-label={label}>
      <h3>{label}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard. */}
      <pre tabIndex={0}>{text}</pre>
    </section>
  );
}
