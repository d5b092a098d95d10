import { z } from "zod";

/** The part of files that is searched. */
export const searchedPartSchema = z.enum(["names", "contents"]);
export type SearchedPart = z.infer<typeof searchedPartSchema>;

/** A search ends when it has found so many files. */
export const maxFound = 1_000;
