import type { BuildResult, UpToDateArchive } from "../../../shared/session/build.ts";
import type { KnownArchive } from "./build-records.ts";

/** Ends a build which has found that it would make the archive again that is there. */
export class UpToDate {
  readonly result: BuildResult;
  readonly upToDate: UpToDateArchive;

  constructor({ path, size, digest, record }: KnownArchive) {
    this.result = { path, size, digest, guestMilliseconds: 0 };
    this.upToDate = { built: record.finished, inputs: record.inputs.length };
  }
}
