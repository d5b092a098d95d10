import type { SetFile } from "../../../shared/library/set-file.ts";
import { fileName } from "../../state/files/file-name.ts";
import { showFilePanel } from "../../state/layout/panels.ts";

/** The text files of an image set, each to be edited. */
export function SetFiles({ files }: { readonly files: readonly SetFile[] }) {
  return (
    <ul className="set-files" aria-label="Files">
      {files.map(({ path }) => (
        <li key={path}>
          <button
            type="button"
            className="set-file"
            title={`Edit ${path}`}
            onClick={() => showFilePanel(path)}
          >
            {fileName(path)}
          </button>
        </li>
      ))}
    </ul>
  );
}
