import { useEffect, useRef, useState } from "react";
import {
  type ExportContent,
  type ExportPart,
  exportParts,
  type OptionalPart,
  optionalPartSchema,
  optionalParts,
} from "../../shared/export.ts";
import { formatBytes } from "../../shared/format.ts";
import { app } from "../api-client.ts";
import { sayError, sayMade } from "../state/toasts.ts";
import { Field } from "../ui/field.tsx";
import { FormDialog } from "../ui/form-dialog.tsx";
import { PathInput } from "../ui/path-input.tsx";
import { ProgressBar } from "../ui/progress-bar.tsx";
import "./export-dialog.css";

interface ExportDialogProps {
  readonly id: string;
  readonly onClose: () => void;
}

/** Writes a session, or a crash report, into one file for a bug report: says what goes in, and lets parts be left out. */
export function ExportDialog({ id, onClose }: ExportDialogProps) {
  const [content, setContent] = useState<ExportContent>();
  const [target, setTarget] = useState("");
  const [left, setLeft] = useState<ReadonlySet<OptionalPart>>(new Set());
  const [fraction, setFraction] = useState<number>();
  const signal = useAbortAtEnd();
  useEffect(() => {
    const look = async () => {
      const examined = await app().exports.examine({ id });
      setContent(examined);
      setTarget((await app().downloads.suggest({ name: examined.fileName })).path);
    };
    look().catch((error) => {
      sayError(error);
      onClose();
    });
  }, [id, onClose]);
  if (!content) return null;
  const isWhole = target.startsWith("/") && !target.endsWith("/");
  const write = async () => {
    setFraction(0);
    try {
      const progress = await app().exports.write({ id, target, leaveOut: [...left] }, { signal: signal() });
      for (;;) {
        const { done, value } = await progress.next();
        if (done)
          return sayMade(`${target}: ${formatBytes(value.bytes)}. Look at it before you send it.`, target);
        setFraction(value.bytes / value.total);
      }
    } finally {
      setFraction(undefined);
    }
  };
  return (
    <FormDialog
      title="Export for a bug report"
      description={content.title}
      action="Export"
      canSubmit={isWhole}
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
        Replaced in all of it: {describeSecrets(content.variables)}your home folder and user name, and what
        looks like a credential. What a guest prints may hold more that is private: look at the file before
        you send it. Nothing is sent from here.
      </p>
      <Field
        label="Save as"
        hint={
          isWhole
            ? "A new file on the host that Tinsmith runs on."
            : "Give the whole path, with the file's name."
        }
        isWrong={!isWhole}
      >
        {(properties) => (
          <PathInput {...properties} wanted={["new-file"]} value={target} onChange={setTarget} />
        )}
      </Field>
      {fraction !== undefined && (
        <div className="export-progress">
          <ProgressBar label="The export" fraction={fraction} />
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

/** What there is, each with its size; and what goes in whatever a person wants. */
function PartList({ sizes, left, onToggle }: PartListProps) {
  return (
    <fieldset className="choices export-parts">
      <legend>What goes in</legend>
      {(Object.keys(exportParts) as ExportPart[]).map((part) => {
        const size = sizes[part];
        if (size === undefined) return null;
        const optional = optionalPartSchema.safeParse(part).data;
        return (
          <label key={part}>
            <input
              type="checkbox"
              checked={optional === undefined || !left.has(optional)}
              disabled={optional === undefined}
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

/** Gives a signal that aborts when the component goes. */
function useAbortAtEnd(): () => AbortSignal {
  const controller = useRef(new AbortController());
  useEffect(() => {
    controller.current = new AbortController();
    return () => controller.current.abort();
  }, []);
  return () => controller.current.signal;
}
