import packageJson from "../../package.json" with { type: "json" };
import { sessionProtocol } from "../../shared/contracts/session-protocol.ts";

/** What a session of this Tinsmith tells others of its version. */
export const ownVersion = { tinsmith: packageJson.version, protocol: sessionProtocol };
