import type { Settings } from "../../../shared/app/settings.ts";
import type { ImageSet, ImageSlot, Library } from "../../../shared/library/library.ts";
import { createChangeNotifier } from "../../async/change-notifier.ts";
import { DigestCache } from "../../files/digest-cache.ts";
import { createFolderWatch } from "../../files/folder-watch.ts";
import { workspaceFolders } from "../../image-set/set-files.ts";
import { createDigestStore } from "../../storage/digest-store.ts";
import type { Paths } from "../../storage/paths.ts";
import { DescribedEntries } from "./described-entries.ts";
import { describeArchive, describeSet } from "./library-entries.ts";

/** The places that the library reads: folders of image sets, and imported archives. */
export type LibraryPlaces = Pick<Settings, "workspaces" | "archives">;

/** All image sets and archives. They are watched, so that only those that have changed are read again. */
export interface LibraryReader extends Disposable {
  /** Reads everything as it is now. An entry that can't be read is listed with its problem. */
  read(places: LibraryPlaces, buildingSession: (archive: string) => string | undefined): Promise<Library>;
  /** Settles when something has probably changed, or the signal aborts. */
  changed(signal: AbortSignal): Promise<void>;
}

/**
 * The time for which changes are gathered before they are reported: a file that is written changes many times.
 * Milliseconds.
 */
const gathering = 200;

/**
 * The interval at which everything is read again, since some changes are never reported: see `createFolderWatch`.
 * Milliseconds, for when all folders are watched, and when some are not, or were not until now.
 */
const rechecks = { watched: 10_000, unwatched: 1_000 } as const;
/** The largest share of the time for reading everything again is 1 / this. */
const recheckShare = 10;

/** How long inputs are waited for that are being read: for a person, and when nothing has changed. Milliseconds. */
const patience = { usual: 300, recheck: 5_000 } as const;

export function createLibraryReader(paths: Paths): LibraryReader {
  const digests = new DigestCache({ keeper: createDigestStore(paths), awaitsWriters: true });
  const changes = createChangeNotifier();
  let isOutdated = true;
  let timer: NodeJS.Timeout | undefined;
  const tell = () => {
    isOutdated = true;
    timer ??= setTimeout(() => {
      timer = undefined;
      changes.notify();
    }, gathering).unref();
  };
  const sets = new DescribedEntries((folder) => describeSet(paths, folder, digests), tell);
  const archives = new DescribedEntries((path) => describeArchive(paths, path, digests), tell);
  const watch = createFolderWatch((folder) => {
    digests.forgetRecent();
    sets.outdate(folder);
    archives.outdate(folder);
    tell();
  });

  let library: Library = { sets: [], archives: [] };
  let recheckAt = 0;
  const look = async (places: LibraryPlaces) => {
    const begun = performance.now();
    const isRecheck = begun >= recheckAt;
    if (isRecheck) for (const entries of [sets, archives]) entries.outdate();
    digests.forgetRecent();
    isOutdated = false;
    const until = begun + patience[isRecheck ? "recheck" : "usual"];
    const workspaces = places.workspaces.map(workspaceFolders);
    library = {
      sets: [
        ...(await sets.values(
          workspaces.flatMap((folders) => folders.sets),
          until,
        )),
      ],
      archives: [...(await archives.values(places.archives, until))],
    };
    const children = workspaces.flatMap(({ all }) => all);
    const folders = [...places.workspaces, ...children, ...sets.folders(), ...archives.folders()];
    const wereWatched = await watch.watch(new Set(folders));
    const now = performance.now();
    const pause = Math.max(rechecks[wereWatched ? "watched" : "unwatched"], recheckShare * (now - begun));
    if (isRecheck || !wereWatched) recheckAt = now + pause;
  };

  let knownPlaces = "";
  let looking: Promise<void> | undefined;
  return {
    read: async (places, buildingSession) => {
      const asked = JSON.stringify([places.workspaces, places.archives]);
      // The result for other places does not answer this question.
      while (looking !== undefined && asked !== knownPlaces) await looking;
      const isNews = isOutdated || asked !== knownPlaces;
      knownPlaces = asked;
      if (looking === undefined && (isNews || performance.now() >= recheckAt))
        looking = look(places).finally(() => {
          looking = undefined;
        });
      // Nobody waits for a recheck, which as a rule finds nothing.
      if (isNews) await looking;
      return withBuilding(library, buildingSession);
    },
    changed: changes.next,
    [Symbol.dispose]: () => {
      clearTimeout(timer);
      watch[Symbol.dispose]();
    },
  };
}

function withBuilding(
  { sets, archives }: Library,
  buildingSession: (archive: string) => string | undefined,
): Library {
  const withSession = (slot: ImageSlot): ImageSlot => ({ ...slot, building: buildingSession(slot.path) });
  const describe = (set: ImageSet): ImageSet => ({
    ...set,
    setup: withSession(set.setup),
    worker: withSession(set.worker),
  });
  return { sets: sets.map(describe), archives };
}
