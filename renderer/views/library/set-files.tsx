import type { ImageSet } from "../../../shared/library/library.ts";
import { formatCount } from "../../../shared/text/format.ts";
import { fileName } from "../../state/files/file-name.ts";
import { showFilePanel } from "../../state/layout/panels.ts";

/** The text files of an image set, each to be edited; its scenarios are listed when a person opens them. */
export function SetFiles({ set: { files, scenarios } }: { readonly set: ImageSet }) {
  return (
    <>
      <ul className="set-files" aria-label="Files">
        {files.map(({ path }) => (
          <SetFileItem key={path} path={path} />
        ))}
      </ul>
      {scenarios.length > 0 && (
        <details className="set-scenarios">
          <summary>{formatCount(scenarios.length, "scenario")}</summary>
          <ul className="set-files" aria-label="Scenarios">
            {scenarios.map((path) => (
              <SetFileItem key={path} path={path} />
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function SetFileItem({ path }: { readonly path: string }) {
  return (
    <li>
      <button type="button" className="set-file" title={`Edit ${path}`} onClick={() => showFilePanel(path)}>
        {fileName(path)}
      </button>
    </li>
  );
}
