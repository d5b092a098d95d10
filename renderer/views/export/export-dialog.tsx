import { useEffect, useState } from "react";
import {
  allLeftOut,
  type ExportContent,
  type ExportPart,
  exportParts,
  type OptionalPart,
  optionalPartSchema,
  optionalParts,
} from "../../../shared/app/export.ts";
import { formatBytes } from "../../../shared/text/format.ts";
import { app } from "../../client/api-client.ts";
import { useSuggestedPath } from "../../state/forms/use-suggested-path.ts";
import { sayError, sayMade } from "../../state/messages/notices.ts";
import { FormDialog } from "../../ui/dialogs/form-dialog.tsx";
import { useAbortAtEnd } from "../../ui/dialogs/use-abort-at-end.ts";
import { PathField } from "../../ui/forms/path-field.tsx";
import { ProgressBar } from "../../ui/progress-bar.tsx";
import "./export-dialog.css";

interface ExportDialogProps {
  readonly id: string;
  readonly onClose: () => void;
}

/**
 * Writes a session, or a crash report, into one file for a bug report: shows its parts, and lets a person leave some
 * out.
 */
export function ExportDialog({ id, onClose }: ExportDialogProps) {
  const [content, setContent] = useState<ExportContent>();
  const [target, setTarget] = useSuggestedPath(content?.fileName);
  const [left, setLeft] = useState<ReadonlySet<OptionalPart>>(new Set());
  const [fraction, setFraction] = useState<number>();
  const signalAtEnd = useAbortAtEnd();
  useEffect(() => {
    app()
      .exports.examine({ id })
      .then(setContent, (error) => {
        sayError(error);
        onClose();
      });
  }, [id, onClose]);
  if (!content) return null;
  const write = async () => {
    const signal = signalAtEnd();
    setFraction(0);
    try {
      const progress = await app().exports.write({ id, target, leaveOut: [...left] }, { signal });
      for (;;) {
        const { done, value } = await progress.next();
        if (done)
          return sayMade(
            `${target}: ${formatBytes(value.bytes)}. Check the file before you send it.`,
            target,
          );
        setFraction(value.bytes / value.total);
      }
    } catch (error) {
      // Closing the dialog cancels the export.
      if (!signal.aborted) throw error;
    } finally {
      setFraction(undefined);
    }
  };
  return (
    <FormDialog
      title="Export for a bug report"
      description={content.title}
      action="Export file"
      onSubmit={write}
      onClose={onClose}
    >
      <PartList
        sizes={content.parts}
        left={left}
        onToggle={(part) =>
          setLeft((before) => new Set(optionalParts.filter((one) => before.has(one) !== (one === part))))
        }
      />
      <p className="export-secrets">
        Tinsmith replaces {describeSecrets(content.variables)}your home folder and user name, and everything
        that looks like a credential. The guest's output may contain other private data: check the file before
        you send it. Tinsmith sends nothing.
      </p>
      <PathField
        label="Save as"
        name="target"
        hint="A new file on the host that Tinsmith runs on."
        wanted={["new-file"]}
        value={target}
        onChange={setTarget}
      />
      {fraction !== undefined && (
        <div className="export-progress">
          <ProgressBar label="Export progress" fraction={fraction} />
        </div>
      )}
    </FormDialog>
  );
}

interface PartListProps {
  readonly sizes: ExportContent["parts"];
  readonly left: ReadonlySet<OptionalPart>;
  readonly onToggle: (part: OptionalPart) => void;
}

/** The parts of the session, each with its size; and those that are always exported. */
function PartList({ sizes, left, onToggle }: PartListProps) {
  const allLeft = allLeftOut(left);
  return (
    <fieldset className="choices export-parts">
      <legend>Contents</legend>
      {(Object.keys(exportParts) as ExportPart[]).map((part) => {
        const size = sizes[part];
        if (size === undefined) return null;
        const optional = optionalPartSchema.safeParse(part).data;
        return (
          <label key={part}>
            <input
              type="checkbox"
              checked={optional === undefined || !allLeft.has(optional)}
              // It is left out with another one.
              disabled={optional === undefined || allLeft.has(optional) !== left.has(optional)}
              onChange={() => optional && onToggle(optional)}
            />
            {exportParts[part]}
            <span className="export-size">{formatBytes(size)}</span>
          </label>
        );
      })}
    </fieldset>
  );
}

function describeSecrets(variables: readonly string[]): string {
  if (variables.length === 0) return "";
  return variables.length === 1
    ? `the value of ${variables[0]}, `
    : `the values of ${variables.join(", ")}, `;
}
