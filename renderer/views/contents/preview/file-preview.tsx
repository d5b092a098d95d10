import { useState } from "react";
import type { ContentEntry } from "../../../../shared/contents/entry.ts";
import type { Preview } from "../../../../shared/contents/preview.ts";
import { escapeName } from "../../../../shared/text/escape-name.ts";
import { formatBytes } from "../../../../shared/text/format.ts";
import { app } from "../../../client/api-client.ts";
import { useAnswer } from "../../../state/contents/use-answer.ts";
import { Button } from "../../../ui/button.tsx";
import { ErrorText } from "../../../ui/messages/error-text.tsx";
import { ProgressBar } from "../../../ui/progress-bar.tsx";
import { DownloadFile } from "./download-file.tsx";
import { HexView } from "./hex-view.tsx";
import { ReadOnlyCode } from "./read-only-code.tsx";

interface FilePreviewProps {
  readonly image: string;
  readonly entry: Pick<ContentEntry, "path" | "size">;
  /** Marked in a text. */
  readonly sought?: string | undefined;
}

/** The beginning of a file in an image, as text, picture or bytes. */
export function FilePreview({ image, entry: { path }, sought }: FilePreviewProps) {
  const { result, error, askAgain } = useAnswer(`${image}\0${path}`, (signal) =>
    app().contents.preview({ image, path }, { signal }),
  );
  if (error)
    return (
      <div className="image-error" role="alert">
        <ErrorText error={error} />
        <Button onClick={askAgain}>Try again</Button>
      </div>
    );
  if (!result) return <ProgressBar label="Reading the file" />;
  if (result.size === 0) return <p className="entry-note">The file is empty.</p>;
  return (
    <>
      <Content path={path} preview={result} sought={sought} />
      {result.kind !== "picture" && result.isCut && (
        <p className="entry-note">
          This is the beginning of {formatBytes(result.size)}.
          <DownloadFile image={image} path={path} label="Download file…" />
        </p>
      )}
    </>
  );
}

interface ContentProps {
  readonly path: string;
  readonly preview: Preview;
  readonly sought: string | undefined;
}

function Content({ path, preview, sought }: ContentProps) {
  if (preview.kind === "text") return <ReadOnlyCode path={path} text={preview.text} sought={sought} />;
  if (preview.kind === "bytes") return <HexView bytes={preview.bytes} />;
  return <Picture path={path} src={`data:${preview.type};base64,${preview.bytes}`} />;
}

function Picture({ path, src }: { readonly path: string; readonly src: string }) {
  const [size, setSize] = useState("");
  return (
    <figure className="entry-picture">
      <img
        src={src}
        alt={escapeName(path)}
        onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) =>
          setSize(`${naturalWidth} × ${naturalHeight} pixels`)
        }
        onError={() => setSize("The browser can't show this picture. It may be damaged.")}
      />
      <figcaption>{size}</figcaption>
    </figure>
  );
}
