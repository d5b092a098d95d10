import { useEffect, useState } from "react";
import { app } from "../../client/api-client.ts";
import { sayError } from "../messages/notices.ts";

/**
 * The path of a new file on the host: the one that a person has typed, else the one that Tinsmith suggests. It is empty
 * until the suggestion comes.
 *
 * @param name the name that the file is to have; absent while it is not known
 * @returns the path, and what takes a typed one
 */
export function useSuggestedPath(name: string | undefined): readonly [string, (typed: string) => void] {
  const [suggested, setSuggested] = useState("");
  const [typed, setTyped] = useState<string>();
  useEffect(() => {
    if (name === undefined) return;
    let isCurrent = true;
    app()
      .downloads.suggest({ name })
      .then(({ path }) => isCurrent && setSuggested(path), sayError);
    return () => {
      isCurrent = false;
    };
  }, [name]);
  return [typed ?? suggested, setTyped];
}
