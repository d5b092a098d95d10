import type { EditorView } from "@codemirror/view";
import { useDeferredValue, useMemo, useState } from "react";
import type { SetFile } from "../../../shared/library/set-file.ts";
import { fileName } from "../../state/files/file-name.ts";
import { newsOnDisk, type OpenFile } from "../../state/files/open-file.ts";
import { CodeBox } from "./code-box.tsx";
import { goTo, makeEdits } from "./code-editor.ts";
import { DiffView } from "./diff-view.tsx";
import { DiskBar } from "./disk-bar.tsx";
import { EditorHead } from "./editor-head.tsx";
import { issuesOf, languageOf } from "./file-language.ts";
import { IssueList } from "./issue-list.tsx";
import { CommandLineView } from "./machine/command-line-view.tsx";
import { migratedText } from "./machine/machine-definition.ts";
import { MachineForm } from "./machine/machine-form.tsx";
import { MigrationBar } from "./machine/migration-bar.tsx";
import { useEditorCommands } from "./use-editor-commands.ts";
import { useParts } from "./use-parts.ts";

interface FileEditorProps {
  readonly setFile: SetFile;
  readonly file: OpenFile;
  readonly isActive: boolean;
}

/** The editor of one file, with the tools for files of its kind. */
export function FileEditor({ setFile, file, isActive }: FileEditorProps) {
  const { path, kind } = setFile;
  const name = fileName(path);
  const [view, setView] = useState<EditorView>();
  const [comparing, setComparing] = useState<"disk" | "migration">();
  const parts = useParts();
  const text = useDeferredValue(file.text);
  const issues = useMemo(() => issuesOf({ path, kind }, text), [path, kind, text]);
  const migrated = useMemo(() => (kind === "machine" ? migratedText(text) : undefined), [kind, text]);
  const canMigrate = migrated !== undefined;
  const startMigration = useMemo(
    () => (canMigrate ? () => setComparing("migration") : undefined),
    [canMigrate],
  );
  useEditorCommands({ setFile, isActive, view, startMigration });

  const diff =
    comparing === "disk" && newsOnDisk(file) === "changed" && file.disk
      ? ({ before: file.disk.text, after: text, titles: ["On disk", "Here"], isFine: true } as const)
      : comparing === "migration" && migrated !== undefined
        ? ({ before: text, after: migrated, titles: ["Version 0", "Version 1"], isFine: false } as const)
        : undefined;
  const migrate = () => {
    if (view && migrated !== undefined)
      makeEdits(view, [{ from: 0, to: view.state.doc.length, insert: migrated }]);
    setComparing(undefined);
  };
  const language = useMemo(() => languageOf({ path, kind }, file.text), [path, kind]);

  return (
    <section className="editor" aria-label={`Editor of ${name}`}>
      <EditorHead setFile={setFile} file={file} view={view} parts={parts} />
      <DiskBar
        path={path}
        file={file}
        isComparing={diff !== undefined && comparing === "disk"}
        onCompare={(wanted) => setComparing(wanted ? "disk" : undefined)}
      />
      {migrated !== undefined && (
        <MigrationBar
          isShown={diff !== undefined && comparing === "migration"}
          onShow={(wanted) => setComparing(wanted ? "migration" : undefined)}
          onMigrate={migrate}
        />
      )}
      <div className="editor-body">
        <div className="editor-main">
          {diff && <DiffView {...diff} language={language} />}
          <CodeBox
            path={path}
            text={file.text}
            language={language}
            issues={issues}
            issuesText={text}
            isHidden={diff !== undefined}
            onOpen={setView}
          />
          <IssueList issues={issues} text={text} onChoose={(issue) => view && goTo(view, issue)} />
          {kind === "machine" && parts.shown.command && !diff && (
            <CommandLineView text={text} hasIssues={issues.length > 0} />
          )}
        </div>
        {kind === "machine" && parts.shown.form && view && !diff && (
          <MachineForm text={text} view={view} startMigration={startMigration} />
        )}
      </div>
    </section>
  );
}
