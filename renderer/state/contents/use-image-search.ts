import { useCallback, useEffect, useRef, useState } from "react";
import type { ContentEntry } from "../../../shared/contents/entry.ts";
import type { SearchedPart } from "../../../shared/contents/search.ts";
import type { ErrorData } from "../../../shared/errors/error-data.ts";
import { toAppError } from "../../../shared/errors/errors.ts";
import { app } from "../../client/api-client.ts";

/** A search in an image, with what it has found so far. */
export interface ImageSearch {
  readonly text: string;
  readonly part: SearchedPart;
  readonly found: readonly ContentEntry[];
  /** `partial`: it has ended before it had looked at all files, because it had found enough. */
  readonly status: "running" | "whole" | "partial" | "cancelled" | "failed";
  readonly error?: ErrorData;
}

/** The text that is sought in files. */
export function soughtContent(search: ImageSearch | undefined): string | undefined {
  return search?.part === "contents" ? search.text : undefined;
}

/** Searches an image for files, by their names or contents. */
export function useImageSearch(image: string) {
  const [search, setSearch] = useState<ImageSearch>();
  const controller = useRef<AbortController>(undefined);
  useEffect(() => () => controller.current?.abort(), []);
  const start = useCallback(
    async (text: string, part: SearchedPart) => {
      controller.current?.abort();
      const own = new AbortController();
      controller.current = own;
      const { signal } = own;
      const change = (changed: Partial<ImageSearch>) => {
        if (!signal.aborted) setSearch((before) => before && { ...before, ...changed });
      };
      setSearch({ text, part, found: [], status: "running" });
      try {
        const events = await app().contents.search({ image, path: "/", text, in: part }, { signal });
        for (;;) {
          const { done, value } = await events.next();
          if (done) return change({ status: value.isWhole ? "whole" : "partial" });
          change({ found: value });
        }
      } catch (thrown) {
        change({ status: "failed", error: toAppError(thrown).toJSON() });
      }
    },
    [image],
  );
  const cancel = useCallback(() => {
    controller.current?.abort();
    setSearch((before) => before && { ...before, status: "cancelled" });
  }, []);
  const clear = useCallback(() => {
    controller.current?.abort();
    setSearch(undefined);
  }, []);
  const again = async () => {
    if (search) await start(search.text, search.part);
  };
  return { search, start, again, cancel, clear };
}
