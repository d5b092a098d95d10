import { startMetaService } from "../../metaservice/service/meta-service.ts";
import { findPaths } from "../../storage/paths.ts";
import { startGuestClock } from "../../time/guest-clock.ts";
import { openServedSession } from "./served-session.ts";

// A session with a MetaService, as a process of its own: a test floods it and looks at its memory. It prints the path of
// the MetaService's socket.

const session = await openServedSession(findPaths(), { title: "a flooded session", kind: "meta" });
const { metaServiceSocket: socketPath } = session.paths;
await startMetaService({
  socketPath,
  clock: startGuestClock(),
  log: () => {},
  recorder: session.recorder,
});
process.stdout.write(`${socketPath}\n`);
