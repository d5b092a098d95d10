import { useEffect, useId, useState } from "react";
import type { FolderEntry } from "../../../shared/contracts/app-contract.ts";
import { app } from "../../client/api-client.ts";
import { desktop } from "../../client/desktop.ts";
import type { WantedPath } from "../../state/forms/choose-path.ts";
import { BrowseButton } from "./browse-button.tsx";
import type { ControlProperties } from "./field.tsx";
import "./path-input.css";

interface PathInputProps extends Partial<ControlProperties> {
  /** Has the dialog that it is in give it the focus. */
  readonly "data-focus-first"?: boolean;
  readonly value: string;
  readonly placeholder?: string;
  /** The kinds of paths that a desktop's own dialog offers, where there is one. */
  readonly wanted: readonly WantedPath[];
  readonly onChange: (value: string) => void;
}

/** Takes the path of a file on the host that Tinsmith runs on, and suggests existing paths while a person types. */
export function PathInput({ value, wanted, onChange, ...properties }: PathInputProps) {
  const list = useId();
  const [offered, setOffered] = useState<readonly FolderEntry[]>([]);
  useEffect(() => {
    const controller = new AbortController();
    app()
      .host.completePath({ path: value }, { signal: controller.signal })
      .then(setOffered, () => {});
    return () => controller.abort();
  }, [value]);
  return (
    <div className="path-input">
      <input
        {...properties}
        className="mono"
        list={list}
        value={value}
        spellCheck={false}
        autoComplete="off"
        onChange={({ target }) => onChange(target.value)}
      />
      <datalist id={list}>
        {offered.map(({ path, isFolder }) => (
          <option key={path} value={isFolder ? `${path}/` : path} />
        ))}
      </datalist>
      {desktop() &&
        wanted.map((one) => <BrowseButton key={one} wanted={one} startAt={value} onChoose={onChange} />)}
    </div>
  );
}
