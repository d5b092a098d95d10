import { useMemo } from "react";
import { app } from "../../../client/api-client.ts";
import { useAnswer } from "../../../state/contents/use-answer.ts";
import { fileName } from "../../../state/files/file-name.ts";
import { ErrorText } from "../../../ui/messages/error-text.tsx";
import { ProgressBar } from "../../../ui/progress-bar.tsx";
import { DiffView } from "../../editor/diff-view.tsx";
import { plainLanguageOf } from "../../editor/file-language.ts";
import { DownloadFile } from "../preview/download-file.tsx";
import { FilePreview } from "../preview/file-preview.tsx";
import type { ImagePair } from "./image-comparison-view.tsx";

interface FileDiffProps {
  readonly images: ImagePair;
  readonly path: string;
}

/** A file as it is in two images: texts with their differences marked, else both beside each other. */
export function FileDiff({ images: [first, second], path }: FileDiffProps) {
  const { result, error } = useAnswer(`${first}\0${second}\0${path}`, (signal) =>
    Promise.all([first, second].map((image) => app().contents.preview({ image, path }, { signal }))),
  );
  const [before, after] = result ?? [];
  const texts = before?.kind === "text" && after?.kind === "text" ? ([before, after] as const) : undefined;
  const text = texts?.[1].text ?? "";
  const language = useMemo(() => plainLanguageOf(path, text), [path, text]);
  if (error)
    return (
      <div className="image-error" role="alert">
        <ErrorText error={error} />
      </div>
    );
  if (!result) return <ProgressBar label="Reading the file in both images" />;
  const titles = [fileName(first), fileName(second)] as const;
  if (texts)
    return (
      <>
        <DiffView
          before={texts[0].text}
          after={texts[1].text}
          titles={titles}
          labels={["Before", "After"]}
          isFine
          language={language}
        />
        {(texts[0].isCut || texts[1].isCut) && (
          <p className="entry-note">
            Only the beginnings of both files are compared here.
            <DownloadFile image={first} path={path} label="Download first file…" />
            <DownloadFile image={second} path={path} label="Download second file…" />
          </p>
        )}
      </>
    );
  return (
    <div className="file-pair">
      {[first, second].map((image, index) => (
        <section key={image} aria-label={index === 0 ? "Before" : "After"}>
          <h3>{titles[index]}</h3>
          <FilePreview image={image} entry={{ path, size: 0 }} />
        </section>
      ))}
    </div>
  );
}
