import { FileX } from "lucide-react";
import { useEffect, useState } from "react";
import { useStore } from "zustand";
import { type AppError, toAppError } from "../../../shared/errors/errors.ts";
import { openFile, openFiles } from "../../state/files/open-files.ts";
import { useSetFile } from "../../state/files/use-set-file.ts";
import { Button } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/messages/empty-state.tsx";
import { ErrorText } from "../../ui/messages/error-text.tsx";
import "./editor.css";
import { FileEditor } from "./file-editor.tsx";

interface FilePanelProps {
  readonly path: string;
  /** Whether it is the panel that is worked in. */
  readonly isActive: boolean;
}

/** A text file of an image set: read, followed on disk, and edited. */
export function FilePanel({ path, isActive }: FilePanelProps) {
  const setFile = useSetFile(path);
  const file = useStore(openFiles, (files) => files[path]);
  const [problem, setProblem] = useState<AppError>();
  const [tries, setTries] = useState(0);
  // Each try opens it again.
  useEffect(() => {
    setProblem(undefined);
    return openFile(path, (thrown) => setProblem(toAppError(thrown)));
  }, [path, tries]);
  const tryAgain = <Button onClick={() => setTries(tries + 1)}>Try again</Button>;
  if (!file)
    return problem ? (
      <EmptyState icon={FileX} title="This file can't be opened">
        <ErrorText error={problem} />
        {tryAgain}
      </EmptyState>
    ) : (
      <p className="editor-waiting">Opening {path}…</p>
    );
  return (
    <div className="editor-panel">
      {problem && (
        <div className="editor-bar editor-bar-bad" role="alert">
          <ErrorText error={problem} />
          {tryAgain}
        </div>
      )}
      <FileEditor key={`${path} ${setFile.kind}`} setFile={setFile} file={file} isActive={isActive} />
    </div>
  );
}
