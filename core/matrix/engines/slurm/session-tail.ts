import { existsSync } from "node:fs";
import { join } from "node:path";
import { type BuildEvent, buildEventTypes } from "../../../../shared/session/build.ts";
import type { SessionEvent } from "../../../../shared/session/session-event.ts";
import { openRegularFile } from "../../../files/regular-file.ts";
import { eventBlocks } from "../../../session-record/session-log-reader.ts";
import { createMigration } from "../../../session-record/session-log-version.ts";
import type { JobFolder } from "./job-folder.ts";

/** Reads the events of a job's session as they are written on another host, as far as they can be seen here. */
export class SessionTail {
  readonly #job: JobFolder;
  #log: string | undefined;
  #position = 0;
  #read = createMigration("");

  constructor(job: JobFolder) {
    this.#job = job;
  }

  /** The events of the build since the last call. */
  async next(): Promise<readonly BuildEvent[]> {
    const log = this.#findLog();
    if (log === undefined || !existsSync(log)) return [];
    const found: BuildEvent[] = [];
    await using file = await openRegularFile(log);
    for await (const { events, end } of eventBlocks(file, this.#position, { read: this.#read })) {
      this.#position = end;
      found.push(...events.filter(isOfBuild));
    }
    return found;
  }

  /** A job that Slurm queues again has another session. */
  #findLog(): string | undefined {
    const session = this.#job.readSession();
    const log = session && join(session.folder, "events.jsonl");
    if (log !== undefined && log !== this.#log) {
      this.#log = log;
      this.#position = 0;
      this.#read = createMigration(log);
    }
    return log;
  }
}

function isOfBuild(event: SessionEvent): event is SessionEvent & BuildEvent {
  return buildEventTypes.has(event.type);
}
